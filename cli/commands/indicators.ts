import { pathTo } from '../api-client.ts';
import type { CommandSpec } from '../command-spec.ts';
import { presentItems, presentObject } from '../present.ts';
import { member } from '../reading.ts';

/** `phusa indicator …` */
export const indicatorCommands: readonly CommandSpec[] = [
  {
    usage: 'indicator list',
    summary: { vi: 'Các chỉ tiêu', en: 'Indicators' },
    run: async (shell) => {
      const result = await shell.api.call({ method: 'GET', path: '/indicators' });
      shell.show(result, () => presentItems(result, shell.language));
    },
  },
  {
    usage: 'indicator show <code>',
    summary: { vi: 'Công thức, tử số, mẫu số, căn cứ', en: 'Formula, numerator, legal source' },
    run: async (shell, given) => {
      const path = pathTo`/indicators/${given.text('code')}`;
      const result = await shell.api.call({ method: 'GET', path });
      shell.show(result, () => presentObject(result, shell.language));
    },
  },
  {
    usage: 'indicator get <code>',
    summary: { vi: 'Giá trị của chỉ tiêu', en: 'Values of an indicator' },
    options: [
      { flags: '--period <period>', summary: { vi: 'kỳ', en: 'period' } },
      { flags: '--area <code>', summary: { vi: 'địa bàn', en: 'area' } },
      { flags: '--as-of <time>', summary: { vi: 'theo dữ liệu đến lúc', en: 'as known at' } },
      { flags: '--history', summary: { vi: 'mọi lần công bố', en: 'every vintage' } },
    ],
    run: async (shell, given) => {
      const path = pathTo`/indicators/${given.text('code')}/values`;
      const history = given.flag('history') ? { history: true } : {};
      const query = { ...given.pick('period', 'area', 'asOf'), ...history };
      const result = await shell.api.call({ method: 'GET', path, query });
      shell.show(result, () => presentItems(member(result, 'values') ?? [], shell.language));
    },
  },
];
