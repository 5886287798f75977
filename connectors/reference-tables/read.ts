import { z } from 'zod';
import { publicRequest } from '../../net/public-request.ts';
import type { HttpRequest } from '../../net/http-client.ts';
import type { LandedPiece } from '../../warehouse/landing/batch-writer.ts';
import type { ReadBatch, ReadContext, ReadRequest } from '../port.ts';
import { isWebBase, underBase } from '../source-base.ts';
import type { ReferenceTable, ReferenceTablesConfig } from './config.ts';
import { fileMissing } from './reference-trouble.ts';

const positionShape = z.object({ file: z.string() });

/** Reads every declared table on every run, in the order declared: one file is one batch and the whole table. */
export async function* readTables(
  context: ReadContext<ReferenceTablesConfig>,
  request: ReadRequest,
): AsyncGenerator<ReadBatch> {
  for (const table of tablesAfter(context.config.tables, request)) {
    context.signal.throwIfAborted();
    const piece = await fetchTable(context, table.file);
    const batch = await context.openBatch(table.file);
    await batch.land(piece);
    yield {
      batch: batch.id,
      key: table.file,
      streams: [table.stream],
      cursor: { file: table.file },
      position: { file: table.file },
      completeness: { proof: 'end-marker', covers: [table.stream] },
    };
  }
}

/** Gets one table's file. Throws data `file-not-found`. */
export async function fetchTable(
  { config, files, http }: ReadContext<ReferenceTablesConfig>,
  file: string,
): Promise<LandedPiece> {
  if (isWebBase(config.base)) {
    const request: HttpRequest = { method: 'GET', url: underBase(config.base, file) };
    const answer = await http.send(request);
    return {
      name: file,
      bytes: await answer.bytes(),
      mediaType: 'text/csv',
      request: publicRequest(request),
      response: { status: answer.status, headers: answer.headers },
    };
  }
  const [entry] = await files.list(config.base, exactly(file));
  if (entry === undefined) throw fileMissing(file, config.base);
  return {
    name: file,
    bytes: files.open(entry.path),
    mediaType: 'text/csv',
    request: { file, listedBytes: entry.bytes },
  };
}

function tablesAfter(
  tables: readonly ReferenceTable[],
  { position, streams }: ReadRequest,
): readonly ReferenceTable[] {
  const done = positionShape.safeParse(position);
  const at = done.success ? tables.findIndex(({ file }) => file === done.data.file) : -1;
  return tables.slice(at + 1).filter(({ stream }) => streams?.includes(stream) ?? true);
}

function exactly(name: string): RegExp {
  return new RegExp(`^${name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}$`);
}
