import { publicRequest } from '../../net/public-request.ts';
import type { HttpRequest } from '../../net/http-client.ts';
import type { LandedPiece } from '../../warehouse/landing/batch-writer.ts';
import { PhusaError } from '../../core/errors.ts';
import { optionalText } from '../../core/json-member.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { ReadBatch, ReadContext, ReadRequest } from '../port.ts';
import { isWebBase, underBase } from '../source-base.ts';
import type { ReferenceTable, ReferenceTablesConfig } from './config.ts';

/** Reads every declared table on every run: one file is one batch and holds its whole table. */
export async function* readTables(
  context: ReadContext<ReferenceTablesConfig>,
  request: ReadRequest,
): AsyncGenerator<ReadBatch> {
  const done = doneFile(request.position);
  const tables = context.config.tables.toSorted((a, b) => (a.file < b.file ? -1 : 1));
  for (const table of tables) {
    if (done !== undefined && table.file <= done) continue;
    if (request.streams && !request.streams.includes(table.stream)) continue;
    context.signal.throwIfAborted();
    const batch = await context.openBatch(table.file);
    await batch.land(await fetchTable(context, table));
    yield {
      batch: batch.id,
      key: table.file,
      streams: [table.stream],
      cursor: null,
      position: { file: table.file },
      completeness: { proof: 'digest', covers: [table.stream] },
    };
  }
}

/** One table's file, from the directory or the web base. */
export async function fetchTable(
  context: Pick<ReadContext<ReferenceTablesConfig>, 'config' | 'files' | 'http'>,
  { file }: ReferenceTable,
): Promise<LandedPiece> {
  const { base } = context.config;
  if (isWebBase(base)) return await fetchWeb(context, file);
  const [entry] = await context.files.list(base, new RegExp(`^${escaped(file)}$`));
  if (!entry) throw fileMissing(base, file);
  return {
    name: file,
    bytes: context.files.open(entry.path),
    mediaType: 'text/csv',
    request: { file, listedBytes: entry.bytes },
  };
}

async function fetchWeb(
  { config, http }: Pick<ReadContext<ReferenceTablesConfig>, 'config' | 'http'>,
  file: string,
): Promise<LandedPiece> {
  const request: HttpRequest = { method: 'GET', url: underBase(config.base, file) };
  const answer = await http.send(request);
  const mediaType = answer.headers['content-type'];
  return {
    name: file,
    bytes: await answer.bytes(),
    ...(mediaType === undefined ? {} : { mediaType }),
    request: publicRequest(request),
    response: { status: answer.status, headers: answer.headers },
  };
}

function doneFile(position: Json | undefined): string | undefined {
  return isObject(position) ? optionalText(position, 'file') : undefined;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function escaped(name: string): string {
  return name.replace(/[.-]/g, '\\$&');
}

function fileMissing(base: string, file: string): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'nothing-found',
    message: { vi: `Không có tệp ${file} tại ${base}`, en: `There is no file ${file} at ${base}` },
    remedy: { vi: 'Kiểm tra base và tables.', en: 'Check base and tables.' },
    place: { file },
  });
}
