import { basename } from 'node:path';
import type { Json } from '../../core/json.ts';
import { pathTo } from '../api-client.ts';
import type { CommandSpec, Given } from '../command-spec.ts';
import { readBytes } from '../config-values.ts';
import type { ExitCode } from '../environment.ts';
import { presentItems, presentObject } from '../present.ts';
import { listAt, numberAt, textAt } from '../reading.ts';
import { showRun } from '../present-run.ts';
import type { Shell } from '../shell.ts';
import { usageError } from '../usage-error.ts';

/** `phusa ingest`, `phusa quarantine …` */
export const ingestCommands: readonly CommandSpec[] = [
  {
    usage: 'ingest <source>',
    summary: { vi: 'Nhận dữ liệu từ nguồn', en: 'Ingest a source' },
    options: [
      { flags: '--stream <name>', summary: { vi: 'chỉ luồng này', en: 'only this stream' } },
      { flags: '--from <day>', summary: { vi: 'đọc lại từ ngày', en: 'read again from this day' } },
      { flags: '--to <day>', summary: { vi: 'đến hết ngày', en: 'up to and with this day' } },
      { flags: '--full', summary: { vi: 'đọc lại tất cả', en: 'read everything again' } },
    ],
    run: async (shell, given) => {
      const path = pathTo`/sources/${given.text('source')}/ingest`;
      const full = given.flag('full') ? { full: true } : {};
      const body = { ...given.pick('stream', 'from', 'to'), ...full };
      return showRun(shell, await shell.api.call({ method: 'POST', path, body }));
    },
  },
  {
    usage: 'quarantine list',
    summary: { vi: 'Các dòng bị cách ly', en: 'Quarantined rows' },
    options: [
      { flags: '--source <name>', summary: { vi: 'chỉ nguồn này', en: 'only this source' } },
      { flags: '--batch <id>', summary: { vi: 'chỉ lô này', en: 'only this batch' } },
    ],
    run: async (shell, given) => {
      const query = given.pick('source', 'batch');
      const result = await shell.api.all('/quarantine', query, 1000);
      shell.show(result, () => presentItems(result, shell.language));
    },
  },
  {
    usage: 'quarantine show <id>',
    summary: { vi: 'Một dòng bị cách ly và lý do', en: 'One quarantined row with its reasons' },
    run: async (shell, given) => {
      const path = pathTo`/quarantine/${given.text('id')}`;
      const result = await shell.api.call({ method: 'GET', path });
      shell.show(result, () => presentObject(result, shell.language));
    },
  },
  {
    usage: 'quarantine replay',
    summary: { vi: 'Xử lý lại các dòng bị cách ly', en: 'Replay quarantined rows' },
    options: [
      { flags: '--batch <id>', summary: { vi: 'của lô này', en: 'of this batch' } },
      { flags: '--source <name>', summary: { vi: 'của nguồn này', en: 'of this source' } },
    ],
    run: replay,
  },
  {
    usage: 'quarantine sheet <batch>',
    summary: {
      vi: 'Bảng tính các dòng bị cách ly của một lô, để sửa và gửi lại',
      en: 'Workbooks of the rejected rows of a batch, to be corrected and sent back',
    },
    options: [
      { flags: '--stream <name>', summary: { vi: 'chỉ luồng này', en: 'only this stream' } },
      { flags: '--out <directory>', summary: { vi: 'thư mục ghi tệp', en: 'where files go' } },
    ],
    run: saveSheets,
  },
  {
    usage: 'quarantine correct <batch>',
    summary: {
      vi: 'Nhận bảng tính đã sửa của các dòng bị cách ly',
      en: 'Take in a corrected workbook of rejected rows',
    },
    options: [
      {
        flags: '--file <path>',
        summary: { vi: 'bảng tính đã sửa (.xlsx)', en: 'corrected workbook (.xlsx)' },
        required: true,
      },
    ],
    run: correct,
  },
];

async function saveSheets(shell: Shell, given: Given): Promise<void> {
  const batch = given.text('batch');
  const shown = await shell.api.call({ method: 'GET', path: pathTo`/batches/${batch}` });
  const only = given.optional('stream');
  const rejected = listAt(shown, 'streams').filter(
    (stream) =>
      (numberAt(stream, 'quarantined') ?? 0) > 0 &&
      (only === undefined || textAt(stream, 'stream') === only),
  );
  const files: Json[] = [];
  for (const stream of rejected) {
    const name = textAt(stream, 'stream') ?? '';
    const path = await shell.api.download(
      `/api/v1${pathTo`/batches/${batch}/rejected/${name}`}`,
      `${name}_${batch}.xlsx`,
      given.optional('out') ?? '.',
    );
    files.push({ stream: name, path });
  }
  shell.show({ files }, () => presentItems(files, shell.language, ['stream', 'path']));
}

async function correct(shell: Shell, given: Given): Promise<ExitCode> {
  const file = given.text('file');
  const body = {
    batch: given.text('batch'),
    name: basename(file),
    content: (await readBytes(file)).toString('base64'),
  };
  const path = '/quarantine/correct';
  return showRun(shell, await shell.api.call({ method: 'POST', path, body }));
}

async function replay(shell: Shell, given: Given): Promise<ExitCode> {
  const body = given.pick('batch', 'source');
  if (Object.keys(body).length !== 1) {
    throw usageError({
      vi: 'Cần đúng một trong hai: --batch hoặc --source.',
      en: 'Give exactly one of --batch and --source.',
    });
  }
  const path = '/quarantine/replay';
  return showRun(shell, await shell.api.call({ method: 'POST', path, body }));
}
