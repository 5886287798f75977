import { createReadStream } from 'node:fs';
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { pathTo } from '../api-client.ts';
import type { CommandSpec, Given } from '../command-spec.ts';
import { editionOf } from '../edition-argument.ts';
import { presentItems, presentObject } from '../present.ts';
import { member, textAt } from '../reading.ts';
import { saveFiles } from '../save-files.ts';
import type { ExitCode } from '../environment.ts';
import type { Shell } from '../shell.ts';
import { usageError } from '../usage-error.ts';

const period = {
  flags: '--period <period>',
  summary: { vi: 'kỳ báo cáo', en: 'reporting period' },
  required: true,
};

/** `phusa report …` */
export const reportCommands: readonly CommandSpec[] = [
  {
    usage: 'report list',
    summary: { vi: 'Các mẫu báo cáo', en: 'Reports' },
    run: async (shell) => {
      const result = await shell.api.call({ method: 'GET', path: '/reports' });
      shell.show(result, () => presentItems(result, shell.language));
    },
  },
  {
    usage: 'report render <report>',
    summary: { vi: 'Kết xuất bản nháp', en: 'Render a draft' },
    options: [
      period,
      { flags: '--as-of <time>', summary: { vi: 'theo dữ liệu đến lúc', en: 'as known at' } },
      {
        flags: '--areas-as-of <day>',
        summary: { vi: 'theo địa giới của ngày', en: 'boundaries of this day' },
      },
      { flags: '--out <dir>', summary: { vi: 'thư mục lưu tệp', en: 'directory for the files' } },
    ],
    run: async (shell, given) => {
      const path = pathTo`/reports/${given.text('report')}/render`;
      const body = given.pick('period', 'asOf', 'areasAsOf');
      const made = await shell.api.call({ method: 'POST', path, body });
      const result = await saveFiles(shell, made, given.optional('out') ?? '.');
      shell.show(result, () => presentItems(member(result, 'files') ?? [], shell.language));
    },
  },
  {
    usage: 'report issue <report>',
    summary: { vi: 'Phát hành báo cáo', en: 'Issue an edition' },
    options: [period],
    run: async (shell, given) => {
      const path = pathTo`/reports/${given.text('report')}/editions`;
      const body = given.pick('period');
      const result = await shell.api.call({ method: 'POST', path, body });
      shell.show(result, () => presentObject(result, shell.language));
    },
  },
  {
    usage: 'report approve <ref>',
    summary: { vi: 'Phê duyệt bản báo cáo', en: 'Approve an edition' },
    run: async (shell, given) => {
      const edition = editionOf(given.text('ref'));
      const path = pathTo`/reports/${edition.report}/editions/${edition.period}/approve`;
      const result = await shell.api.call({ method: 'POST', path });
      shell.show(result, () => presentObject(result, shell.language));
    },
  },
  {
    usage: 'report editions [report]',
    summary: { vi: 'Các bản đã phát hành', en: 'Issued editions' },
    run: async (shell, given) => {
      const result = await shell.api.all('/editions', given.pick('report'), 1000);
      shell.show(result, () => presentItems(result, shell.language));
    },
  },
  {
    usage: 'report verify <file>',
    summary: { vi: 'Tệp này có phải bản đã phát hành không', en: 'Whether a file is an edition' },
    run: verifyFile,
  },
];

/** Only the hash leaves this machine. An unknown or altered file ends with 1. */
async function verifyFile(shell: Shell, given: Given): Promise<ExitCode> {
  const file = given.text('file');
  const query = { sha256: await sha256Of(file), name: basename(file) };
  const result = await shell.api.call({ method: 'GET', path: '/verify', query });
  shell.show(result, () => presentObject(result, shell.language));
  const verdict = textAt(result, 'verdict');
  return verdict === 'issued' || verdict === 'superseded' ? 0 : 1;
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file))
      if (Buffer.isBuffer(chunk)) hash.update(chunk);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw usageError({
      vi: `Không đọc được tệp “${file}”: ${why}`,
      en: `The file “${file}” cannot be read: ${why}`,
    });
  }
  return hash.digest('hex');
}
