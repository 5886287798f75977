import type { Localized } from '../../core/localized.ts';
import type { Connector } from '../port.ts';
import { databaseConfig, type DatabaseConfig } from './config.ts';
import { decodeDatabase } from './decode.ts';
import { discoverTables } from './discover.ts';
import { databaseOrigins } from './origins.ts';
import { readDatabase } from './read.ts';
import { withSession, type SessionContext } from './session.ts';
import { databaseStreams } from './streams.ts';

/** Tables and SELECTs of a database, each declared with its key, cursor and columns. */
export const database: Connector<DatabaseConfig> = {
  name: 'database',
  version: '1.0.0',
  label: { vi: 'Cơ sở dữ liệu', en: 'Database' },
  description: {
    vi: 'PostgreSQL, MySQL, MariaDB (SQL Server: chưa thử nghiệm): đọc bảng hoặc câu SELECT, chỉ đọc, theo một thời điểm.',
    en: 'PostgreSQL, MySQL, MariaDB (SQL Server: untested): reads tables or SELECTs, read-only, as of one moment.',
  },
  config: databaseConfig,
  secrets: { password: { vi: 'Mật khẩu cơ sở dữ liệu', en: 'Password of the database' } },
  capabilities: {
    cursor: 'time',
    deletes: 'absence',
    completeness: 'total',
    timeZone: 'Asia/Ho_Chi_Minh',
  },
  streams: databaseStreams,
  allowed: databaseOrigins,
  check,
  discover: discoverTables,
  read: readDatabase,
  decode: decodeDatabase,
  checks: [],
};

async function check(context: SessionContext): Promise<Localized> {
  const { streams } = context.config;
  const versions = withSession(context, async function* (session) {
    for (const { columns, table, query = '' } of streams) {
      const { knex } = session;
      const from =
        table ?? knex.raw(`(${query.replaceAll('?', String.raw`\?`)}) as declared_query`);
      const names = columns.map(({ name, from: source = name }) => source);
      await session.rows(
        knex
          .select(names.map((name) => knex.ref(name)))
          .from(from)
          .limit(1),
      );
    }
    yield session.version;
  });
  for await (const version of versions) {
    return {
      vi: `Kết nối được ${version}; đọc được ${streams.length} bảng đã khai.`,
      en: `Connected to ${version}; ${streams.length} declared tables can be read.`,
    };
  }
  return { vi: 'Không có câu trả lời.', en: 'No answer.' };
}
