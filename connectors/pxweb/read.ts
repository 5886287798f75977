import { z } from 'zod';
import type { Json } from '../../core/json.ts';
import type { LandedPiece } from '../../warehouse/landing/batch-writer.ts';
import type { ReadBatch, ReadContext, ReadRequest } from '../port.ts';
import { isWebBase } from '../source-base.ts';
import type { PxwebConfig, PxwebTable } from './config.ts';
import { pxwebTrouble } from './pxweb-trouble.ts';
import { selectionOf, splitSelection } from './selection.ts';
import { PxwebService } from './service.ts';

const cursorShape = z.object({ updated: z.record(z.string(), z.string()) });
const positionShape = z.object({ table: z.string() });

/**
 * Reads every wanted table on every run: one table is one batch, whole. A table whose `updated` (API version 2) is what
 * the cursor remembers is left out; the last day of 9999, which some sources give, remembers nothing.
 */
export async function* readTables(
  context: ReadContext<PxwebConfig>,
  request: ReadRequest,
): AsyncGenerator<ReadBatch> {
  const service = isWebBase(context.config.base) ? new PxwebService(context) : undefined;
  const known = cursorShape.safeParse(request.full ? undefined : request.cursor);
  const updated: Record<string, string> = { ...(known.success ? known.data.updated : {}) };
  for (const table of tablesAfter(context.config.tables, request.position)) {
    context.signal.throwIfAborted();
    const found = service
      ? await fromService(context, service, table, updated)
      : await fromDirectory(context, table);
    if (found === undefined) continue;
    const batch = await context.openBatch(table.id);
    for await (const piece of found.pieces) await batch.land(piece);
    if (found.updated !== undefined) updated[table.id] = found.updated;
    yield batchOf(batch.id, table, { updated: { ...updated } });
  }
}

/** Pieces of one table, and the time of its last change where the source says so. */
interface TablePieces {
  readonly pieces: AsyncIterable<LandedPiece> | Iterable<LandedPiece>;
  readonly updated: string | undefined;
}

async function fromService(
  { config, signal }: ReadContext<PxwebConfig>,
  service: PxwebService,
  table: PxwebTable,
  known: Readonly<Record<string, string>>,
): Promise<TablePieces | undefined> {
  const { variables, updated, piece } = await service.describe(table);
  if (updated !== undefined && known[table.id] === updated) return undefined;
  const parts = splitSelection(selectionOf(table, variables), config.maxCells);
  async function* pieces() {
    yield piece;
    for (const [index, part] of parts.entries()) {
      signal.throwIfAborted();
      yield await service.data(table, part, index + 1);
    }
  }
  return { pieces: pieces(), updated };
}

/** The file of a table in a directory of downloads. Throws data `file-not-found`. */
export async function fromDirectory(
  { config, files }: Pick<ReadContext<PxwebConfig>, 'config' | 'files'>,
  table: PxwebTable,
): Promise<TablePieces> {
  const entries = await files.list(config.base, /\.(px|json)$/i);
  const entry = entries.find(({ name }) => name.normalize('NFC') === table.path.normalize('NFC'));
  if (entry === undefined) throw pxwebTrouble('file-not-found', table.id, table.path);
  const request = { file: entry.name, listedBytes: entry.bytes };
  return {
    pieces: [{ name: entry.name, bytes: files.open(entry.path), request }],
    updated: undefined,
  };
}

function batchOf(batch: string, table: PxwebTable, cursor: Json): ReadBatch {
  return {
    batch,
    key: table.id,
    streams: ['socioeconomic_figure'],
    cursor,
    position: { table: table.id },
    completeness: { proof: 'total', covers: ['socioeconomic_figure'] },
  };
}

function tablesAfter(
  tables: readonly PxwebTable[],
  position: Json | undefined,
): readonly PxwebTable[] {
  const done = positionShape.safeParse(position);
  const at = done.success ? tables.findIndex(({ id }) => id === done.data.table) : -1;
  return tables.slice(at + 1);
}
