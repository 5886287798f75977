import { listAt, member } from '../reading.ts';
import type { CommandSpec } from '../command-spec.ts';
import { presentItems } from '../present.ts';

/** Commands about the home as a whole. */
export const homeCommands: readonly CommandSpec[] = [
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
