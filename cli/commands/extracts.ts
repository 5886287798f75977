import type { Localized } from '../../core/localized.ts';
import { pathTo } from '../api-client.ts';
import type { CommandSpec } from '../command-spec.ts';
import { readConfigFile } from '../config-values.ts';
import { presentItems, presentObject } from '../present.ts';
import { member } from '../reading.ts';
import { saveFiles } from '../save-files.ts';

/** `phusa extract …` */
export const extractCommands: readonly CommandSpec[] = [
  {
    usage: 'extract datasets',
    summary: { vi: 'Các tập dữ liệu có thể trích xuất', en: 'Datasets that can be extracted' },
    run: async (shell) => {
      const result = await shell.api.call({ method: 'GET', path: '/extracts/datasets' });
      shell.show(result, () => presentItems(result, shell.language));
    },
  },
  {
    usage: 'extract request',
    summary: { vi: 'Yêu cầu trích xuất', en: 'Request an extract' },
    options: [
      {
        flags: '--file <file>',
        summary: { vi: 'tệp yêu cầu (JSON hoặc YAML)', en: 'request file (JSON or YAML)' },
        required: true,
      },
    ],
    run: async (shell, given) => {
      const body = { request: await readConfigFile(given.text('file')) };
      const result = await shell.api.call({ method: 'POST', path: '/extracts', body });
      shell.show(result, () => presentObject(result, shell.language));
    },
  },
  list('list', '/extracts', { vi: 'Các yêu cầu trích xuất', en: 'Extracts' }),
  {
    usage: 'extract show <id>',
    summary: { vi: 'Một yêu cầu trích xuất', en: 'One extract' },
    run: async (shell, given) => {
      const path = pathTo`/extracts/${given.text('id')}`;
      const result = await shell.api.call({ method: 'GET', path });
      shell.show(result, () => presentObject(result, shell.language));
    },
  },
  {
    usage: 'extract approve <id>',
    summary: { vi: 'Phê duyệt trích xuất', en: 'Approve an extract' },
    run: async (shell, given) => {
      const path = pathTo`/extracts/${given.text('id')}/approve`;
      const result = await shell.api.call({ method: 'POST', path });
      shell.show(result, () => presentObject(result, shell.language));
    },
  },
  refusal('reject', { vi: 'Từ chối trích xuất', en: 'Reject an extract' }),
  refusal('return', { vi: 'Trả lại để sửa', en: 'Return for changes' }),
  refusal('revoke', { vi: 'Thu hồi gói trích xuất', en: 'Revoke an extract' }),
  {
    usage: 'extract download <id>',
    summary: { vi: 'Tải gói trích xuất', en: 'Download an extract' },
    options: [
      { flags: '--out <dir>', summary: { vi: 'thư mục lưu tệp', en: 'directory for the files' } },
    ],
    run: async (shell, given) => {
      const path = pathTo`/extracts/${given.text('id')}/files`;
      const links = await shell.api.call({ method: 'GET', path });
      const result = await saveFiles(shell, links, given.optional('out') ?? '.');
      shell.show(result, () => presentItems(member(result, 'files') ?? [], shell.language));
    },
  },
  list('register', '/extracts/register', {
    vi: 'Sổ đăng ký trích xuất',
    en: 'Register of all extracts',
  }),
];

function list(name: string, path: string, summary: Localized): CommandSpec {
  return {
    usage: `extract ${name}`,
    summary,
    run: async (shell) => {
      const result = await shell.api.all(path, {}, 1000);
      shell.show(result, () => presentItems(result, shell.language));
    },
  };
}

function refusal(verb: 'reject' | 'return' | 'revoke', summary: Localized): CommandSpec {
  return {
    usage: `extract ${verb} <id>`,
    summary,
    options: [{ flags: '--reason <text>', summary: { vi: 'lý do', en: 'reason' }, required: true }],
    run: async (shell, given) => {
      const path = pathTo`/extracts/${given.text('id')}/${verb}`;
      const body = given.pick('reason');
      const result = await shell.api.call({ method: 'POST', path, body });
      shell.show(result, () => presentObject(result, shell.language));
    },
  };
}
