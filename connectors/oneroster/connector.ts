import type { Localized } from '../../core/localized.ts';
import type { Connector, ReadContext } from '../port.ts';
import { isWebBase, originsOf } from '../source-base.ts';
import { bundlesOf } from './bundle.ts';
import { oneRosterConfig, type OneRosterConfig } from './config.ts';
import { decodeOneRoster } from './decode.ts';
import { oneRosterTrouble } from './oneroster-trouble.ts';
import { readBundles } from './read-bundles.ts';
import { readService } from './read-service.ts';
import { RosterService } from './service.ts';
import { rosterStreams } from './streams.ts';

/** School rosters in OneRoster 1.1 and 1.2: CSV bundles of a directory, or the REST service of a school system. */
export const oneroster: Connector<OneRosterConfig> = {
  name: 'oneroster',
  version: '1.0.0',
  label: { vi: 'Hồ sơ trường học (OneRoster)', en: 'School rosters (OneRoster)' },
  description: {
    vi: 'Trường, năm học, môn, lớp, người và ghi danh theo chuẩn OneRoster 1.1, 1.2: gói CSV hoặc REST.',
    en: 'Schools, sessions, courses, classes, people and enrolments by OneRoster 1.1 and 1.2: CSV bundles or REST.',
  },
  config: oneRosterConfig,
  secrets: {
    client_secret: { vi: 'Bí mật truy cập dịch vụ', en: 'Client secret of the service' },
  },
  capabilities: {
    cursor: 'time',
    deletes: 'tombstone',
    completeness: 'total',
    timeZone: 'Asia/Ho_Chi_Minh',
  },
  streams: () => rosterStreams,
  allowed: ({ base, tokenUrl, networks }) => [
    ...originsOf(base, networks),
    ...(tokenUrl === undefined ? [] : originsOf(tokenUrl, networks)),
  ],
  check,
  read: (context, request) =>
    isWebBase(context.config.base) ? readService(context, request) : readBundles(context, request),
  decode: decodeOneRoster,
  checks: [],
};

async function check(context: ReadContext<OneRosterConfig>): Promise<Localized> {
  if (!isWebBase(context.config.base)) return checkDirectory(context);
  const { records, total } = await new RosterService(context).page('orgs', {
    limit: 1,
    offset: 0,
  });
  const count = String(total ?? `≥ ${records}`);
  return {
    vi: `Đăng nhập được; dịch vụ có ${count} trường và đơn vị.`,
    en: `Signed in; the service has ${count} schools and authorities.`,
  };
}

async function checkDirectory(context: ReadContext<OneRosterConfig>): Promise<Localized> {
  const bundles = await bundlesOf(context);
  const last = bundles.at(-1);
  if (last === undefined) throw oneRosterTrouble('nothing-found', context.config.base);
  const { manifest } = await last.use((open) => Promise.resolve(open));
  const declared = manifest.files.filter(({ mode }) => mode !== 'absent').length;
  return {
    vi: `Tìm thấy ${bundles.length} gói; gói ${last.name} (OneRoster ${manifest.version}) khai ${declared} tệp.`,
    en: `Found ${bundles.length} bundles; ${last.name} (OneRoster ${manifest.version}) declares ${declared} files.`,
  };
}
