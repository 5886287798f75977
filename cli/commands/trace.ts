import type { CommandSpec } from '../command-spec.ts';
import { presentItems, presentObject } from '../present.ts';
import { presentTrace } from '../present-trace.ts';
import { member } from '../reading.ts';
import { saveFiles } from '../save-files.ts';

/** `phusa trace`, `evidence`, `audit …` */
export const traceCommands: readonly CommandSpec[] = [
  {
    usage: 'trace <ref>',
    summary: { vi: 'Con số này từ đâu ra', en: 'Where a figure comes from' },
    options: [
      { flags: '--rows', summary: { vi: 'kèm mọi dòng đã dùng', en: 'with every row used' } },
    ],
    run: async (shell, given) => {
      const query = { ref: given.text('ref'), ...(given.flag('rows') ? { rows: true } : {}) };
      const result = await shell.api.call({ method: 'GET', path: '/trace', query });
      shell.show(result, () => presentTrace(result, shell.language));
      // A row, or an edition's list of cells, has no value to compare.
      return member(result, 'equal') === false || member(result, 'intact') === false ? 1 : 0;
    },
  },
  {
    usage: 'evidence <ref>',
    summary: { vi: 'Gói bằng chứng để kiểm tra ngoại tuyến', en: 'Evidence pack' },
    options: [
      { flags: '--out <dir>', summary: { vi: 'thư mục', en: 'directory' }, required: true },
    ],
    run: async (shell, given) => {
      const body = { ref: given.text('ref') };
      const made = await shell.api.call({ method: 'POST', path: '/trace/evidence', body });
      const result = await saveFiles(shell, made, given.text('out'));
      shell.show(result, () => presentItems(member(result, 'files') ?? [], shell.language));
    },
  },
  {
    usage: 'audit verify',
    summary: { vi: 'Kiểm tra tính toàn vẹn của nhật ký', en: 'Verify the journal' },
    run: async (shell) => {
      const result = await shell.api.call({ method: 'GET', path: '/journal/verify' });
      shell.show(result, () => presentObject(result, shell.language));
      return member(result, 'intact') === true ? 0 : 1;
    },
  },
  {
    usage: 'audit export',
    summary: { vi: 'Xuất toàn bộ nhật ký (NDJSON)', en: 'The whole journal as NDJSON' },
    options: [{ flags: '--out <dir>', summary: { vi: 'thư mục', en: 'directory' } }],
    run: async (shell, given) => {
      const name = 'journal.ndjson';
      const directory = given.optional('out') ?? '.';
      const path = await shell.api.download('/api/v1/journal/export', name, directory);
      const result = { files: [{ name, path }] };
      shell.show(result, () => presentItems(result.files, shell.language));
    },
  },
];
