import type { DecodedBatch } from '../../warehouse/staged-batch.ts';
import type { DecodeSession } from '../../warehouse/decode-session.ts';
import type { BatchRef } from '../batch-outcome.ts';
import { decodeLanded } from './decode-landed.ts';
import type { IngestDependencies, SourceState } from './ingest-dependencies.ts';
import { decodedBatch, equalPublished, requireBatch } from './load-batch.ts';
import { sourceState } from './source-state.ts';

/**
 * Decodes landed batches beside those being loaded, several as one, unless the bytes of any are known already. Only a
 * head start for loading: it needs no turn, for decoding looks at nothing but the landed bytes.
 */
export async function decodeAhead(
  deps: IngestDependencies,
  refs: readonly BatchRef[],
): Promise<void> {
  const [first, ...others] = refs;
  if (!first) return;
  const source = await sourceState(deps, first.source);
  const batches: DecodedBatch[] = [];
  for (const ref of refs) {
    const batch = await undecoded(deps, source, ref);
    if (!batch) return;
    batches.push(batch);
  }
  const { warehouse } = deps;
  const decode = (session: DecodeSession) => decodeLanded(source, session);
  if (others.length > 0) await warehouse.decodeTogether(batches, decode);
  else for (const batch of batches) await warehouse.decode(batch, decode);
}

/** A landed batch; undefined where it is settled, or equals a published one. */
async function undecoded(
  deps: IngestDependencies,
  source: SourceState,
  ref: BatchRef,
): Promise<DecodedBatch | undefined> {
  const row = await requireBatch(deps.store, ref.batch);
  if (row.status !== 'landed' || (await equalPublished(deps.store, row))) return undefined;
  return await decodedBatch(deps, source, ref, row);
}
