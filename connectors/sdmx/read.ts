import { z } from 'zod';
import type { ReadBatch, ReadContext, ReadRequest } from '../port.ts';
import type { SdmxConfig } from './config.ts';
import { askSdmx } from './service.ts';

/** Files that hold messages. */
export const messageFile = /\.(xml|json|csv)$/i;

const stream = 'socioeconomic_figure';
const cursorShape = z.object({ flows: z.record(z.string(), z.iso.datetime()) });

/** Reads every message of a directory, one batch a file, by name; a file with equal bytes costs nothing further on. */
export async function* readDirectory(
  context: ReadContext<SdmxConfig>,
  request: ReadRequest,
): AsyncGenerator<ReadBatch> {
  const after = typeof request.position === 'string' ? request.position : '';
  for (const { name, path, modifiedAt } of await context.files.list(
    context.config.base,
    messageFile,
  )) {
    if (name <= after) continue;
    context.signal.throwIfAborted();
    const writer = await context.openBatch(name);
    await writer.land({
      name,
      bytes: context.files.open(path),
      request: { file: name, publishedAt: modifiedAt },
    });
    yield batchOf(writer.id, name, null, name);
  }
}

/**
 * Reads the flows of a service in turn: whole on a first or full reading, later what was updated since some hours
 * before the time the service gave its last answer. What it deleted comes as delete actions.
 */
export async function* readService(
  context: ReadContext<SdmxConfig>,
  request: ReadRequest,
): AsyncGenerator<ReadBatch> {
  const read = cursorShape.safeParse(request.cursor);
  const made = { ...(read.success ? read.data.flows : {}) };
  const done = typeof request.position === 'number' ? request.position : 0;
  for (const [at, { name, path }] of context.config.flows.entries()) {
    if (at < done) continue;
    context.signal.throwIfAborted();
    const since = updatedAfter(context.config, request, made[name]);
    const answer = await askSdmx(context, path, since === undefined ? {} : { updatedAfter: since });
    if (answer === undefined) {
      context.log.info('nothing-newer', { flow: name, since: since ?? '' });
      continue;
    }
    if (answer.preparedAt !== undefined && Date.parse(answer.preparedAt) <= context.now().getTime())
      made[name] = answer.preparedAt;
    const key = since === undefined ? name : `${name}>${since}`;
    const writer = await context.openBatch(key);
    await writer.land({ ...answer.piece, name: key });
    yield batchOf(writer.id, key, { flows: { ...made } }, at + 1, since !== undefined);
  }
}

function batchOf(
  batch: string,
  key: string,
  cursor: ReadBatch['cursor'],
  position: ReadBatch['position'],
  emptyExpected = false,
): ReadBatch {
  return {
    batch,
    key,
    streams: [stream],
    cursor,
    position,
    completeness: { proof: 'end-marker', ...(emptyExpected ? { emptyExpected } : {}) },
  };
}

function updatedAfter(
  { lookBackHours }: SdmxConfig,
  { from, full }: ReadRequest,
  made: string | undefined,
): string | undefined {
  if (from !== undefined) return `${from}T00:00:00+07:00`;
  if (full || made === undefined) return undefined;
  return new Date(Date.parse(made) - lookBackHours * 3_600_000).toISOString();
}
