import { pathTo } from '../api-client.ts';
import type { CommandSpec, Given } from '../command-spec.ts';
import { presentItems, presentObject } from '../present.ts';
import { presentQuery } from '../query-format.ts';
import { listAt, member } from '../reading.ts';
import type { Shell } from '../shell.ts';
import { wholeNumber } from '../whole-number.ts';

/** `phusa asset …`, `build`, `query`, `lineage` */
export const assetCommands: readonly CommandSpec[] = [
  {
    usage: 'asset list',
    summary: { vi: 'Các bảng dữ liệu', en: 'Assets' },
    run: async (shell) => {
      const result = await shell.api.call({ method: 'GET', path: '/assets' });
      shell.show(result, () => presentItems(result, shell.language));
    },
  },
  {
    usage: 'asset show <key>',
    summary: { vi: 'Một bảng: cột, SQL, kiểm tra', en: 'One asset: columns, SQL, checks' },
    run: async (shell, given) => {
      const path = pathTo`/assets/${given.text('key')}`;
      const result = await shell.api.call({ method: 'GET', path });
      shell.show(result, () => presentObject(result, shell.language));
    },
  },
  {
    usage: 'asset diff <key>',
    summary: {
      vi: 'Dựng lại bây giờ thì thay đổi gì',
      en: 'What building it now would change',
    },
    run: async (shell, given) => {
      const path = pathTo`/assets/${given.text('key')}/diff`;
      const result = await shell.api.call({ method: 'GET', path });
      shell.show(result, () => presentObject(result, shell.language));
    },
  },
  {
    usage: 'build [keys...]',
    summary: { vi: 'Dựng lại các bảng', en: 'Build assets' },
    run: async (shell, given) => {
      const keys = given.list('keys');
      const body = keys.length > 0 ? { keys } : {};
      const result = await shell.api.call({ method: 'POST', path: '/assets/build', body });
      shell.show(result, () => presentObject(result, shell.language));
    },
  },
  {
    usage: 'query <sql>',
    summary: { vi: 'Truy vấn chỉ đọc', en: 'Read-only query' },
    options: [
      { flags: '--as-of <time>', summary: { vi: 'theo dữ liệu đến lúc', en: 'as known at' } },
      {
        flags: '--format <format>',
        summary: { vi: 'dạng kết quả', en: 'form of the result' },
        choices: ['table', 'json', 'csv'],
      },
      { flags: '--limit <rows>', summary: { vi: 'số dòng nhiều nhất', en: 'most rows' } },
    ],
    run: query,
  },
  {
    usage: 'lineage <asset>',
    summary: { vi: 'Dữ liệu từ đâu đến, đi đâu', en: 'Where data come from and go' },
    options: [
      { flags: '--up', summary: { vi: 'về nguồn (mặc định)', en: 'towards sources (default)' } },
      { flags: '--down', summary: { vi: 'về phía báo cáo', en: 'towards reports' } },
      {
        flags: '--format <format>',
        summary: { vi: 'dạng kết quả', en: 'form of the result' },
        choices: ['table', 'json', 'openlineage'],
      },
    ],
    run: lineage,
  },
];

async function lineage(shell: Shell, given: Given): Promise<void> {
  const direction = given.flag('down') ? 'down' : 'up';
  const format = given.optional('format') ?? 'table';
  const query = { ref: given.text('asset'), direction };
  const path = format === 'openlineage' ? '/lineage/openlineage' : '/lineage';
  const result = await shell.api.call({ method: 'GET', path, query });
  shell.show(result, () =>
    format === 'table'
      ? presentItems(member(result, 'edges') ?? [], shell.language)
      : JSON.stringify(result, undefined, 2),
  );
}

async function query(shell: Shell, given: Given): Promise<void> {
  const limit = given.optional('limit');
  const format = given.optional('format') ?? 'table';
  const result = await shell.api.call({
    method: 'POST',
    path: '/query',
    body: {
      sql: given.text('sql'),
      ...given.pick('asOf'),
      ...(limit === undefined ? {} : { maxRows: wholeNumber(limit) }),
    },
  });
  shell.show(result, () => presentQuery(result, format, shell.language));
  if (member(result, 'truncated') === true) {
    const shown = listAt(result, 'rows').length;
    shell.remark({
      vi: `Chỉ ${shown} dòng đầu; dùng --limit để lấy thêm.`,
      en: `Only the first ${shown} rows; use --limit for more.`,
    });
  }
}
