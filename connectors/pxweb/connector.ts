import type { Localized } from '../../core/localized.ts';
import type { Connector, ReadContext } from '../port.ts';
import { figureChecks } from '../socioeconomic-figure.ts';
import { isWebBase, originsOf } from '../source-base.ts';
import { pxwebConfig, type PxwebConfig } from './config.ts';
import { decodeTable } from './decode.ts';
import { fromDirectory, readTables } from './read.ts';
import { selectionOf } from './selection.ts';
import { PxwebService } from './service.ts';
import { pxwebFigure } from './streams.ts';

/** Tables of a statistics office's PX-Web: its API, versions 1 and 2, or files downloaded from it. */
export const pxweb: Connector<PxwebConfig> = {
  name: 'pxweb',
  version: '2.0.0',
  label: { vi: 'Bảng thống kê PX-Web', en: 'Statistical tables of a PX-Web' },
  description: {
    vi: 'Bảng số liệu kinh tế - xã hội qua API PX-Web (v1, v2), hoặc tệp PX, JSON-stat tải về thư mục.',
    en: 'Socio-economic tables by the PX-Web API (v1, v2), or PX and JSON-stat files in a directory.',
  },
  config: pxwebConfig,
  secrets: {},
  capabilities: {
    cursor: 'time',
    deletes: 'absence',
    completeness: 'total',
    timeZone: 'Asia/Ho_Chi_Minh',
  },
  streams: () => [pxwebFigure],
  allowed: ({ base, networks }) => originsOf(base, networks),
  check,
  read: readTables,
  decode: decodeTable,
  checks: figureChecks,
};

async function check(context: Omit<ReadContext<PxwebConfig>, 'openBatch'>): Promise<Localized> {
  const { tables, base } = context.config;
  const openBatch = () => Promise.reject(new TypeError('a connection test lands nothing'));
  const service = isWebBase(base) ? new PxwebService({ ...context, openBatch }) : undefined;
  for (const table of tables) {
    if (service) selectionOf(table, (await service.describe(table)).variables);
    else await fromDirectory(context, table);
  }
  return { vi: `Có đủ ${tables.length} bảng.`, en: `All ${tables.length} tables are there.` };
}
