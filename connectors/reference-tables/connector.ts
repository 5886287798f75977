import type { Localized } from '../../core/localized.ts';
import type { Connector, ReadContext } from '../port.ts';
import { originsOf } from '../source-base.ts';
import { referenceTablesConfig, type ReferenceTablesConfig } from './config.ts';
import { decodeTable } from './decode.ts';
import { fetchTable, readTables } from './read.ts';
import { streamsOf } from './streams.ts';

/** Reference tables as CSV files: areas, agencies, populations, calendars, rules. Each becomes `dim.<stream>` with history. */
export const referenceTables: Connector<ReferenceTablesConfig> = {
  name: 'reference-tables',
  version: '1.0.0',
  label: { vi: 'Bảng danh mục', en: 'Reference tables' },
  description: {
    vi: 'Các bảng danh mục dạng CSV (địa bàn, đơn vị, dân số, lịch, quy tắc), từ thư mục hoặc địa chỉ HTTP; mỗi tệp là trọn một bảng.',
    en: 'Reference tables as CSV (areas, agencies, population, calendars, rules), from a directory or an HTTP address; each file is a whole table.',
  },
  config: referenceTablesConfig,
  secrets: {},
  capabilities: {
    cursor: 'none',
    deletes: 'absence',
    completeness: 'digest',
    timeZone: 'Asia/Ho_Chi_Minh',
  },
  streams: streamsOf,
  allowed: ({ base, networks }) => originsOf(base, networks),
  check,
  read: readTables,
  decode: decodeTable,
  checks: [],
};

async function check(
  context: Omit<ReadContext<ReferenceTablesConfig>, 'openBatch'>,
): Promise<Localized> {
  for (const table of context.config.tables) await fetchTable(context, table);
  const count = context.config.tables.length;
  return { vi: `Tìm thấy đủ ${count} bảng.`, en: `Found all ${count} tables.` };
}
