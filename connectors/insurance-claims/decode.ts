import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import type { StreamContract } from '../../core/stream-contract.ts';
import { quoted } from '../../core/sql-text.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { xmlLimits } from '../decode/xml-limits.ts';
import { XmlReader } from '../decode/xml-reader.ts';
import { streamMember } from '../decode/zip-member.ts';
import { listZip } from '../decode/zip-reader.ts';
import { claimTable, claimTables } from './claim-tables.ts';
import { claimsTrouble } from './claims-trouble.ts';
import type { ClaimsConfig } from './config.ts';
import { PackageReader } from './package-reader.ts';
import { RawTables } from './raw-tables.ts';
import { claimStreams, coveredByClaims } from './streams.ts';
import { markWithoutLines, ownersSql, sumsSql, typePackages, typeRows } from './typed-tables.ts';

/** The base64 of a table is one text of an envelope: a long inpatient stay has a few megabytes. */
const envelopeLimits = { ...xmlLimits, token: 1 << 25 };

/**
 * Decodes packages: XML files, or zips of them. Leaves the `decoded_` tables of all streams. Throws the data errors of
 * {@link XmlReader} and of zips for a file that cannot be read as a whole, and `claims-not-a-package`.
 */
export async function decodeClaims(session: DecodeSession, config: ClaimsConfig): Promise<void> {
  const raw = new RawTables(session);
  const seen: Seen = { foreign: [], unknown: new Map() };
  for (const file of session.files) await readFile(raw, file, config, seen);
  await raw.end();
  if (raw.packageCount === 0)
    throw claimsTrouble('claims-not-a-package', seen.foreign.slice(0, 3).join(', '));
  if (seen.unknown.size > 0)
    session.log.info('claims.unknown-elements', Object.fromEntries(seen.unknown));
  await typeAll(session, raw, config);
  await tellForeign(session, seen);
}

interface Seen {
  readonly foreign: string[];
  readonly unknown: Map<string, number>;
}

async function typeAll(
  session: DecodeSession,
  raw: RawTables,
  config: ClaimsConfig,
): Promise<void> {
  await session.run(ownersSql);
  await typePackages(session);
  const others = claimTables.filter((table) => table !== claimTable);
  for (const table of others)
    if (raw.has(table)) await typeRows(session, table, config);
    else await session.run(emptySql(table.stream));
  await session.run(sumsSql);
  if (raw.has(claimTable)) await typeRows(session, claimTable, config);
  else await session.run(emptySql(claimTable.stream));
  for (const table of others)
    if (coveredByClaims.includes(table.stream)) await markWithoutLines(session, table);
}

async function readFile(
  raw: RawTables,
  file: LandedFile,
  config: ClaimsConfig,
  seen: Seen,
): Promise<void> {
  const { publishedAt } = file.request ?? {};
  raw.begin(file.n, typeof publishedAt === 'string' ? publishedAt : null);
  const fd = openSync(file.path, 'r');
  try {
    if (!isZip(fd)) await readPackage(raw, file.name, createReadStream(file.path), config, seen);
    else
      for (const member of await listZip(file.path, file.name)) {
        const name = `${file.name}/${member.name}`;
        await readPackage(raw, name, streamMember(file.path, fd, member, file.name), config, seen);
      }
  } finally {
    closeSync(fd);
  }
}

async function readPackage(
  raw: RawTables,
  name: string,
  bytes: AsyncIterable<Uint8Array>,
  { renamed }: ClaimsConfig,
  seen: Seen,
): Promise<void> {
  const reader = new PackageReader(name, renamed, raw);
  const xml = new XmlReader(reader, name, envelopeLimits);
  for await (const chunk of bytes) {
    xml.write(chunk);
    await raw.flush();
  }
  xml.end();
  await raw.flush();
  if (reader.foreign !== undefined) seen.foreign.push(`${name} (${reader.foreign})`);
  for (const [element, times] of reader.unknown)
    seen.unknown.set(element, (seen.unknown.get(element) ?? 0) + times);
}

/** A document beside the packages that is none is told as a filtered row. */
async function tellForeign(session: DecodeSession, { foreign }: Seen): Promise<void> {
  if (foreign.length === 0) return;
  const appender = await session.appendTo('foreign_documents', [{ name: 'name', type: 'varchar' }]);
  await appender.append([foreign]);
  await appender.close();
  await session.run(`insert into decoded_claim_package by name
    select name as package_name, ${session.files[0]?.n ?? 0}::integer as _file,
      (select count(*) from decoded_claim_package) + row_number() over (order by name) as _row,
      'filtered' as _status, 'not-a-package' as _reason, name as _value
    from foreign_documents`);
}

function emptySql(name: string): string {
  const contract = claimStreams.find(({ stream }) => stream === name);
  const own = (contract?.columns ?? ([] as StreamContract['columns'])).map(
    ({ name: column, type }) => `${quoted(column)} ${type}`,
  );
  return `create or replace temp table ${quoted(`decoded_${name}`)} (${own.join(', ')}, _file integer, _row bigint,
    _published_at timestamptz, _status varchar, _reason varchar, _field varchar, _value varchar, _raw varchar)`;
}

function isZip(fd: number): boolean {
  const start = Buffer.alloc(4);
  readSync(fd, start, 0, 4, 0);
  const mark = start.readUInt32BE(0);
  return mark === 0x504b0304 || mark === 0x504b0506;
}
