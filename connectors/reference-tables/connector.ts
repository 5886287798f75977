import type { Localized } from '../../core/localized.ts';
import type { Connector, ReadContext } from '../port.ts';
import { originsOf } from '../source-base.ts';
import { referenceTablesConfig, type ReferenceTablesConfig } from './config.ts';
import { decodeTable } from './decode.ts';
import { fetchTable, readTables } from './read.ts';
import { referenceStreams } from './streams.ts';

/** Reference data kept in CSV tables: areas, calendars, populations, registers; each file is a whole dimension. */
export const referenceTables: Connector<ReferenceTablesConfig> = {
  name: 'reference-tables',
  version: '1.0.0',
  label: { vi: 'Bảng danh mục', en: 'Reference tables' },
  description: {
    vi: 'Danh mục dạng CSV từ thư mục hoặc địa chỉ HTTP; mỗi tệp là toàn bộ một bảng dim.*.',
    en: 'Reference data as CSV from a directory or an HTTP address; each file is the whole of one dim.* table.',
  },
  config: referenceTablesConfig,
  secrets: {},
  capabilities: {
    cursor: 'none',
    deletes: 'absence',
    completeness: 'end-marker',
    timeZone: 'Asia/Ho_Chi_Minh',
  },
  streams: referenceStreams,
  allowed: ({ base, networks }) => originsOf(base, networks),
  check,
  read: readTables,
  decode: decodeTable,
  checks: [],
};

async function check(context: ReadContext<ReferenceTablesConfig>): Promise<Localized> {
  const { tables } = context.config;
  for (const { file } of tables) await fetchTable(context, file);
  return { vi: `Có đủ ${tables.length} tệp.`, en: `All ${tables.length} files are there.` };
}
