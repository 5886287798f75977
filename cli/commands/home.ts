import { listAt, member } from '../reading.ts';
import type { CommandSpec } from '../command-spec.ts';
import { configFromPairs, readConfigFile } from '../config-values.ts';
import { presentItems, presentObject } from '../present.ts';

/** Commands about the home as a whole. */
export const homeCommands: readonly CommandSpec[] = [
  {
    usage: 'home show',
    summary: {
      vi: 'Kho của ai: phần đầu, phần ký, nơi nhận của báo cáo',
      en: 'Whose home: heading, signature, recipients of reports',
    },
    run: async (shell) => {
      const result = await shell.api.call({ method: 'GET', path: '/home/profile' });
      shell.show(result, () => presentObject(result, shell.language));
    },
  },
  {
    usage: 'home set',
    summary: { vi: 'Đổi hồ sơ của kho', en: "Change the home's profile" },
    options: [
      { flags: '--config <file>', summary: { vi: 'tệp YAML hoặc JSON', en: 'YAML or JSON file' } },
      { flags: '--set <pairs...>', summary: { vi: 'khóa=giá trị', en: 'key=value' } },
    ],
    run: async (shell, given) => {
      const file = given.optional('config');
      const profile = {
        ...(file === undefined ? {} : await readConfigFile(file)),
        ...configFromPairs(given.list('set'), undefined),
      };
      const body = { profile };
      const result = await shell.api.call({ method: 'POST', path: '/home/profile', body });
      shell.show(result, () => presentObject(result, shell.language));
    },
  },
  {
    usage: 'doctor',
    summary: { vi: 'Tự kiểm tra kho và môi trường', en: 'Check the home and its surroundings' },
    run: async (shell) => {
      const result = await shell.api.call({ method: 'GET', path: '/doctor' });
      shell.show(result, () => presentItems(member(result, 'checks') ?? [], shell.language));
      return listAt(result, 'checks').every((check) => member(check, 'ok') === true) ? 0 : 1;
    },
  },
];
