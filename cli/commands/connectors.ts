import { pathTo } from '../api-client.ts';
import type { CommandSpec } from '../command-spec.ts';
import { presentItems, presentObject } from '../present.ts';

/** `phusa connector …` */
export const connectorCommands: readonly CommandSpec[] = [
  {
    usage: 'connector list',
    summary: { vi: 'Các loại kết nối', en: 'Connectors' },
    run: async (shell) => {
      const result = await shell.api.call({ method: 'GET', path: '/connectors' });
      shell.show(result, () => presentItems(result, shell.language));
    },
  },
  {
    usage: 'connector show <name>',
    summary: {
      vi: 'Cấu hình (JSON Schema), luồng, khả năng',
      en: 'Configuration (JSON Schema), streams, capabilities',
    },
    run: async (shell, given) => {
      const path = pathTo`/connectors/${given.text('name')}`;
      const result = await shell.api.call({ method: 'GET', path });
      shell.show(result, () => presentObject(result, shell.language));
    },
  },
];
