import type { Localized } from '../../core/localized.ts';
import { pathTo } from '../api-client.ts';
import type { CommandSpec } from '../command-spec.ts';
import { configFromPairs, readConfigFile } from '../config-values.ts';
import { presentItems, presentObject } from '../present.ts';
import { member } from '../reading.ts';

/** `phusa schedule …` */
export const scheduleCommands: readonly CommandSpec[] = [
  {
    usage: 'schedule list',
    summary: { vi: 'Các lịch chạy', en: 'Schedules' },
    run: async (shell) => {
      const result = await shell.api.call({ method: 'GET', path: '/schedules' });
      shell.show(result, () => presentItems(result, shell.language));
    },
  },
  {
    usage: 'schedule add [name]',
    summary: { vi: 'Thêm lịch chạy', en: 'Add a schedule' },
    options: [
      { flags: '--config <file>', summary: { vi: 'tệp YAML hoặc JSON', en: 'YAML or JSON file' } },
      { flags: '--set <pairs...>', summary: { vi: 'khóa=giá trị', en: 'key=value' } },
    ],
    run: async (shell, given) => {
      const file = given.optional('config');
      const schedule = {
        ...(file === undefined ? {} : await readConfigFile(file)),
        ...configFromPairs(given.list('set'), undefined),
        ...given.pick('name'),
      };
      const body = { schedule };
      const result = await shell.api.call({ method: 'POST', path: '/schedules', body });
      shell.show(result, () => presentObject(result, shell.language));
    },
  },
  act('run', { vi: 'Chạy ngay', en: 'Run now' }),
  {
    usage: 'schedule pause <name>',
    summary: { vi: 'Tạm dừng lịch', en: 'Pause a schedule' },
    options: [{ flags: '--reason <text>', summary: { vi: 'lý do', en: 'reason' }, required: true }],
    run: async (shell, given) => {
      const path = pathTo`/schedules/${given.text('name')}/pause`;
      const body = given.pick('reason');
      const result = await shell.api.call({ method: 'POST', path, body });
      shell.show(result, () => presentObject(result, shell.language));
    },
  },
  act('resume', { vi: 'Cho lịch chạy lại', en: 'Resume a schedule' }),
  {
    usage: 'schedule why <name>',
    summary: { vi: 'Vì sao chạy hay không, từng kỳ', en: 'Why it ran or did not, slot by slot' },
    run: async (shell, given) => {
      const path = pathTo`/schedules/${given.text('name')}/slots`;
      const result = await shell.api.call({ method: 'GET', path });
      shell.show(result, () => presentItems(member(result, 'slots') ?? [], shell.language));
    },
  },
];

function act(verb: 'run' | 'resume', summary: Localized): CommandSpec {
  return {
    usage: `schedule ${verb} <name>`,
    summary,
    run: async (shell, given) => {
      const path = pathTo`/schedules/${given.text('name')}/${verb}`;
      const result = await shell.api.call({ method: 'POST', path });
      shell.show(result, () => presentObject(result, shell.language));
    },
  };
}
