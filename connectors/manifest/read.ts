import { failureOf, PhusaError, type Failure } from '../../core/errors.ts';
import type { ReadBatch, ReadContext, ReadRequest } from '../port.ts';
import { isWebBase } from '../source-base.ts';
import { ManifestService } from './manifest-service.ts';
import { baseOf, readDirectory } from './read-directory.ts';
import { readStream, type ManifestRun } from './read-stream.ts';
import type { Manifest } from './schema/manifest-schema.ts';
import { runPosition } from './source-cursor.ts';

/**
 * Reads the streams of a manifest in their order. A stream that breaks off does not keep the others from being read;
 * its failure ends the run, when all are through (A34).
 */
export async function* readManifest(
  context: ReadContext<Manifest>,
  request: ReadRequest,
): AsyncGenerator<ReadBatch> {
  if (!isWebBase(baseOf(context.config))) {
    yield* readDirectory(context, request);
    return;
  }
  const position = runPosition(request.cursor, request.position);
  const service = new ManifestService(context);
  const run: ManifestRun = { service, request, parents: new Map(), position };
  for (const [index, stream] of context.config.streams.entries()) {
    if (index < position.stream || request.streams?.includes(stream.stream) === false) continue;
    if (index > position.stream) run.position = { ...run.position, stream: index, at: null };
    try {
      yield* readStream(run, stream);
    } catch (error) {
      if (endsRun(context, error)) throw error;
      const failure = failureOf(error);
      context.log.warn('stream-failed', { stream: stream.stream, code: failure.code });
      const told = { ...failure, place: { ...failure.place, stream: stream.stream } };
      run.position = { ...run.position, failed: [...run.position.failed, told] };
    }
  }
  const [first, ...others] = run.position.failed;
  if (first !== undefined) throw streamsFailed(first, others);
}

/** Troubles of the whole source rather than of one stream. */
const common = new Set([
  'cancelled',
  'sign-in-refused',
  'secret-missing',
  'request-limit',
  'unexpected',
  'unreachable',
]);

function endsRun({ signal }: ReadContext<Manifest>, error: unknown): boolean {
  return signal.aborted || common.has(failureOf(error).code);
}

/** The first failure, with the names of the other streams that failed. */
function streamsFailed(first: Failure, others: readonly Failure[]): PhusaError {
  const streams = [first, ...others].map(({ place }) => place?.stream ?? '');
  const list = streams.join(', ');
  return new PhusaError({
    ...first,
    message: { vi: `${list}: ${first.message.vi}`, en: `${list}: ${first.message.en}` },
  });
}
