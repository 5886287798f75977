import type { ReadBatch, ReadRequest } from '../port.ts';
import { valueAt } from '../decode/document-path.ts';
import { textOf } from './answer-judgement.ts';
import type { ManifestService, ServiceAnswer } from './manifest-service.ts';
import { manifestTrouble } from './manifest-trouble.ts';
import { landBatch, landPage, type BatchLanded, type BatchWanted } from './read-batch.ts';
import { OpenRecords } from './revisits.ts';
import type { TimeWindows } from './schema/reading-schema.ts';
import type { ManifestStream } from './schema/stream-schema.ts';
import { slicesOf, type ParentValues, type SliceValues } from './slices.ts';
import { cursorJson, positionJson, type RunPosition, type StreamCursor } from './source-cursor.ts';
import { halves, timeline, windowName, windowScope, type Window } from './time-windows.ts';

/** What reading the streams of a run shares. */
export interface ManifestRun {
  readonly service: ManifestService;
  readonly request: ReadRequest;
  readonly parents: ParentValues;
  /** Moves on with each batch. */
  position: RunPosition;
}

/** Reads one stream: its windows one by one, or all of it as one batch; then the records that are still open. */
export async function* readStream(
  run: ManifestRun,
  stream: ManifestStream,
): AsyncGenerator<ReadBatch> {
  const slices = await slicesOf(run.service, stream, run.parents);
  const piece = pieceOf(run.request, slices.length);
  const sampled = piece === undefined ? slices : slices.slice(piece.slice, piece.slice + 1);
  if (stream.incremental?.kind === 'time') {
    yield* readWindows(run, stream, stream.incremental, sampled, piece?.windowsBack);
  } else if (run.position.at === null && (piece?.windowsBack ?? 0) === 0) {
    yield await readAll(run, stream, sampled);
  }
}

/** Which slice and which window, counted back from the newest, a test read asks for; undefined for any other read. */
function pieceOf({ sample }: ReadRequest, slices: number) {
  if (sample === undefined) return undefined;
  const { piece = 0 } = sample;
  const each = Math.max(slices, 1);
  return { slice: piece % each, windowsBack: Math.floor(piece / each) };
}

async function* readWindows(
  run: ManifestRun,
  stream: ManifestStream,
  spec: TimeWindows,
  slices: readonly SliceValues[],
  windowsBack: number | undefined,
): AsyncGenerator<ReadBatch> {
  const { windows, settled } = await windowsOf(run, stream, spec, windowsBack);
  const open = openRecords(run, stream);
  const queue = [...windows];
  for (let window = queue.shift(); window !== undefined; window = queue.shift()) {
    const key = `${stream.stream}:${windowName(spec, window)}`;
    const scope = { window: windowScope(spec, window) };
    const cap = spec.cap === undefined ? {} : { cap: spec.cap };
    const landed = await landBatch(run.service, stream, {
      key,
      scope,
      slices,
      ...cap,
      ...taking(run, open),
    });
    if (landed.full) {
      const parts = halves(spec, window);
      if (parts === undefined) throw manifestTrouble('window-too-full', key);
      queue.unshift(...parts);
      continue;
    }
    const at = new Date(Math.min(window.next, settled)).toISOString();
    moveOn(run, stream, window.next, { at, ...openList(open) });
    yield batchOf(run, stream, key, landed);
  }
  if (open === undefined || run.request.sample !== undefined || run.position.at === revisited)
    return;
  yield* readOpen(run, stream, open);
}

async function windowsOf(
  run: ManifestRun,
  stream: ManifestStream,
  spec: TimeWindows,
  windowsBack: number | undefined,
) {
  const { request, position, service } = run;
  const filling = await service.filling(stream, {});
  const before = request.full ? undefined : position.cursor[stream.stream]?.at;
  const way = timeline(spec, filling, service.context.now().getTime(), {
    ...(before === undefined ? {} : { cursor: Date.parse(before) }),
    ...(request.from === undefined ? {} : { from: request.from }),
    ...(request.to === undefined ? {} : { to: request.to }),
  });
  if (windowsBack !== undefined)
    return { ...way, windows: [...way.windows].reverse().slice(windowsBack, windowsBack + 1) };
  return { ...way, windows: after(way.windows, position.at) };
}

/** The windows that are left after an instant. */
function after(windows: readonly Window[], at: number | null): readonly Window[] {
  if (at === null) return windows;
  return windows
    .filter(({ next }) => next > at)
    .map(({ from, next }) => ({ from: Math.max(from, at), next }));
}

async function readAll(
  run: ManifestRun,
  stream: ManifestStream,
  slices: readonly SliceValues[],
): Promise<ReadBatch> {
  const { incremental } = stream;
  const start = incremental?.kind === 'number' ? incremental.start : undefined;
  const kept = run.request.full ? undefined : run.position.cursor[stream.stream]?.value;
  const value = kept ?? start;
  const key = value === undefined ? stream.stream : `${stream.stream}@${value}`;
  const reached = { value };
  const note = (answer: ServiceAnswer) => {
    reached.value = cursorAfter(stream, answer, reached.value);
  };
  const scope = { cursor: { value } };
  const landed = await landBatch(run.service, stream, {
    key,
    scope,
    slices,
    ...sampling(run),
    note,
  });
  moveOn(run, stream, 0, reached.value === undefined ? {} : { value: reached.value });
  if (landed.full) throw manifestTrouble('window-too-full', key);
  return batchOf(run, stream, key, landed);
}

function cursorAfter(
  { incremental }: ManifestStream,
  { facts }: ServiceAnswer,
  before: string | number | undefined,
): string | number | undefined {
  if (incremental?.kind === 'token')
    return textOf(valueAt(facts.document, incremental.path)) ?? before;
  if (incremental?.kind !== 'number') return before;
  return facts.items.reduce<number>(
    (most, item) => {
      const value = Number(textOf(valueAt(item, incremental.field)));
      return Number.isSafeInteger(value) && value > most ? value : most;
    },
    Number(before ?? incremental.start),
  );
}

/** The place after a stream's windows and the records asked for again. */
const revisited = Number.MAX_SAFE_INTEGER;

/** Asks again, one by one, for records that were open and that no window of this run has shown. */
async function* readOpen(
  run: ManifestRun,
  stream: ManifestStream,
  open: OpenRecords,
): AsyncGenerator<ReadBatch> {
  const { revisit } = stream;
  const ids = open.unseen();
  if (revisit === undefined || ids.length === 0) return;
  const key = `${stream.stream}:revisit`;
  const batch = await run.service.context.openBatch(key);
  for (const [index, id] of ids.entries()) {
    run.service.context.signal.throwIfAborted();
    const slice = { revisit: id };
    const answer = await run.service.page(stream, revisit.request, { slice });
    if (answer.empty || answer.facts.records === 0) open.gone(id);
    open.note(answer.facts.items);
    await landPage(batch, answer, `${key} ${id}`, slice, index + 1);
  }
  const before = run.position.cursor[stream.stream] ?? {};
  moveOn(run, stream, revisited, { ...before, ...openList(open) });
  const completeness = { proof: 'end-marker' } as const;
  yield batchOf(run, stream, key, { full: false, batch: batch.id, completeness });
}

function openRecords(
  run: ManifestRun,
  { revisit, stream }: ManifestStream,
): OpenRecords | undefined {
  if (revisit === undefined) return undefined;
  const { open: kept = [], waiting = kept } = run.position.cursor[stream] ?? {};
  return new OpenRecords(revisit, kept, run.position.at === null ? kept : waiting);
}

function openList(open: OpenRecords | undefined): StreamCursor {
  return open?.kept() ?? {};
}

function taking(
  run: ManifestRun,
  open: OpenRecords | undefined,
): Pick<BatchWanted, 'note' | 'sample'> {
  return { ...sampling(run), note: ({ facts }) => open?.note(facts.items) };
}

function sampling({ request }: ManifestRun): { readonly sample?: number } {
  return request.sample === undefined ? {} : { sample: request.sample.pages };
}

function moveOn(
  run: ManifestRun,
  { stream }: ManifestStream,
  at: number,
  cursor: StreamCursor,
): void {
  const { position } = run;
  const before = position.cursor[stream];
  // Re-reading old days (`--from`) or a full read never moves a cursor back.
  const later = before?.at !== undefined && cursor.at !== undefined && before.at > cursor.at;
  const next: StreamCursor =
    later && before.at !== undefined ? { ...cursor, at: before.at } : cursor;
  run.position = { ...position, at, cursor: { ...position.cursor, [stream]: next } };
}

function batchOf(
  run: ManifestRun,
  { stream }: ManifestStream,
  key: string,
  { batch, completeness }: Extract<BatchLanded, { full: false }>,
): ReadBatch {
  return {
    batch,
    key,
    streams: [stream],
    cursor: cursorJson(run.position.cursor),
    position: positionJson(run.position),
    completeness,
  };
}
