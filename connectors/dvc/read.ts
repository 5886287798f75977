import { z } from 'zod';
import type { Json } from '../../core/json.ts';
import type { ReadBatch, ReadContext, ReadRequest } from '../port.ts';
import { codeLists, type CodeList } from './code-lists.ts';
import type { DvcConfig } from './config.ts';
import { readWindow } from './read-window.ts';
import { DvcService } from './service.ts';
import { dossierStreams } from './streams.ts';
import { addDays, monthWindows, vietnamDay, windowKey, type Window } from './windows.ts';

const cursorShape = z.object({ day: z.iso.date() });
const positionShape = z.object({ lists: z.int(), day: z.iso.date().nullable() });

/**
 * Reads the code lists, then dossiers by update time in windows of a month: from the first day on a first read, later
 * from some days before the cursor, so that records committed late below it are seen.
 */
export async function* readDvc(
  context: ReadContext<DvcConfig>,
  request: ReadRequest,
): AsyncGenerator<ReadBatch> {
  const service = new DvcService(context);
  const position = positionOf(request.position);
  const wanted = (stream: string) => request.streams?.includes(stream) ?? true;
  for (const [index, list] of codeLists.entries()) {
    if (index < position.lists || !wanted(list.stream)) continue;
    yield await readList(context, service, request, list, index + 1);
  }
  if (!dossierStreams.some(({ stream }) => wanted(stream))) return;
  for (const window of windowsOf(context, request)) {
    if (position.day !== null && window.to <= position.day) continue;
    const { batch, total } = await readWindow(context, service, window);
    yield windowBatch(batch, window, total);
  }
}

async function readList(
  context: ReadContext<DvcConfig>,
  service: DvcService,
  request: ReadRequest,
  { path, key, stream }: CodeList,
  done: number,
): Promise<ReadBatch> {
  const { piece, records } = await service.get(path);
  const batch = await context.openBatch(key);
  await batch.land({ ...piece, name: `${key}.json` });
  return {
    batch: batch.id,
    key,
    streams: [stream],
    cursor: request.cursor ?? null,
    position: { lists: done, day: null },
    completeness: { proof: 'end-marker', declared: { [stream]: records }, covers: [stream] },
  };
}

function windowBatch(batch: string, window: Window, total: number): ReadBatch {
  return {
    batch,
    key: windowKey(window),
    streams: dossierStreams.map(({ stream }) => stream),
    cursor: { day: window.to },
    position: { lists: codeLists.length, day: window.to },
    completeness: { proof: 'total', declared: { dossier: total } },
  };
}

function windowsOf(context: ReadContext<DvcConfig>, request: ReadRequest): readonly Window[] {
  const { config } = context;
  const to = request.to ?? vietnamDay(context.now());
  if (request.from !== undefined) return monthWindows(request.from, to);
  const cursor = cursorShape.safeParse(request.cursor);
  if (request.full || !cursor.success) return monthWindows(config.from, to);
  return monthWindows(later(config.from, addDays(cursor.data.day, -config.lookBackDays)), to);
}

function positionOf(position: Json | undefined): z.infer<typeof positionShape> {
  const read = positionShape.safeParse(position);
  return read.success ? read.data : { lists: 0, day: null };
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}
