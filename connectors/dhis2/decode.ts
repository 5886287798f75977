import { open } from 'node:fs/promises';
import type { StreamContract } from '../../core/stream-contract.ts';
import { quoted } from '../../core/sql-text.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { fileTrouble } from '../decode/decode-trouble.ts';
import { readHead } from '../decode/file-head.ts';
import { jsonDocuments } from '../decode/json-source.ts';
import type { Dhis2Config } from './config.ts';
import { decodeAnalytics } from './decode-analytics.ts';
import { csvNames, decodeCsvList, decodeJsonList } from './decode-metadata.ts';
import { decodeValues } from './decode-values.ts';
import { dhis2Trouble } from './dhis2-trouble.ts';
import { metadataLists } from './metadata-lists.ts';
import { fileStreams } from './streams.ts';
import { csvHeaders, valueColumns } from './value-columns.ts';
import { csvValues, jsonValues } from './value-tables.ts';
import { readXmlValues } from './xml-values.ts';

/** Decodes a batch: pages of one list or of values, an analytics answer, or a file of any known kind. */
export async function decodeDhis2(session: DecodeSession, config: Dhis2Config): Promise<void> {
  if (session.streams.includes('health_analytics')) return decodeAnalytics(session);
  await emptyTables(session);
  // An answer without a list is an empty page; it is landed as evidence and read as nothing.
  const files = session.files.filter(({ request }) => request?.['records'] !== 0);
  if (files.length === 0) return;
  const list = listOf(files[0]);
  if (list === 'dataValues') return decodeValues(session, await jsonValues(session, files), config);
  const known = metadataLists.find(({ name }) => name === list);
  if (known) return decodeJsonList(session, files, known, config);
  for (const file of files) await decodeFile(session, file, config);
}

/** The texts of a value, as a record: XML is not kept. */
const textsAsJson = `to_json({${valueColumns.map((name) => `'${name}': ${name}`).join(', ')}})::varchar`;

/** The list that a landed page is of; files of a directory say none. */
function listOf(file: LandedFile | undefined): string | undefined {
  const list = file?.request?.['list'];
  return typeof list === 'string' ? list : undefined;
}

async function decodeFile(
  session: DecodeSession,
  file: LandedFile,
  config: Dhis2Config,
): Promise<void> {
  const first = await firstSign(file);
  if (first === '') throw fileTrouble('file-empty', file, '');
  if (first === '<') {
    await readXmlValues(session, file, 'value_texts');
    return decodeValues(session, { from: 'value_texts', raw: textsAsJson }, config);
  }
  return first === '{'
    ? decodeJsonFile(session, file, config)
    : decodeCsvFile(session, file, config);
}

async function decodeJsonFile(
  session: DecodeSession,
  file: LandedFile,
  config: Dhis2Config,
): Promise<void> {
  const members = await membersOf(session, file);
  if (members.includes('dataValues'))
    return decodeValues(session, await jsonValues(session, [file]), config);
  const lists = metadataLists.filter(({ name }) => members.includes(name));
  if (lists.length === 0)
    throw dhis2Trouble('content-unknown', `${file.name}: ${members.slice(0, 8).join(', ')}`);
  for (const list of lists) await decodeJsonList(session, [file], list, config);
}

async function decodeCsvFile(
  session: DecodeSession,
  file: LandedFile,
  config: Dhis2Config,
): Promise<void> {
  const names = csvNames((await readHead(file)).line);
  if (names.some((name) => csvHeaders[name] === 'data_element'))
    return decodeValues(session, await csvValues(session, file), config);
  const list = metadataLists.find(({ csvHeaders: headers }) =>
    headers?.every((header) => names.includes(header)),
  );
  if (list) return decodeCsvList(session, file, list, config);
  throw dhis2Trouble('content-unknown', `${file.name}: ${names.slice(0, 8).join(', ')}`);
}

async function membersOf(session: DecodeSession, file: LandedFile): Promise<readonly string[]> {
  try {
    const rows = await session.rows(`select unnest(json_keys(json)) as name
      from ${jsonDocuments([file])} limit 1000`);
    return rows.map(({ name }) => name ?? '');
  } catch (cause) {
    throw fileTrouble('file-not-json', file, '', cause);
  }
}

/** The first character that is no blank and no byte order mark; '' for a file without any. */
async function firstSign({ path }: LandedFile): Promise<string> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
    return buffer
      .toString('utf8', 0, bytesRead)
      .replace(/^\ufeff/, '')
      .trimStart()
      .slice(0, 1);
  } finally {
    await handle.close();
  }
}

/** Every covered stream has its table, with or without rows. */
async function emptyTables(session: DecodeSession): Promise<void> {
  for (const contract of fileStreams)
    if (session.streams.includes(contract.stream)) await session.run(emptySql(contract));
}

function emptySql({ stream, columns }: StreamContract): string {
  const own = columns.map(({ name, type }) => `${quoted(name)} ${type}`);
  return `create or replace temp table ${quoted(`decoded_${stream}`)} (${own.join(', ')}, _file integer, _row bigint,
    _published_at timestamptz, _status varchar, _reason varchar, _field varchar, _value varchar, _raw varchar)`;
}
