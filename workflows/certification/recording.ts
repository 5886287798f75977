import type { Connector, ReadBatch, ReadContext, ReadRequest } from '../../connectors/port.ts';
import { allRows } from '../../control/every-row.ts';
import { objectMember, textMember } from '../../core/json-member.ts';
import { canonicalJson, type Json, type JsonObject } from '../../core/json.ts';
import { batchRef } from '../activities/batch-ref.ts';
import type { IngestDependencies, SourceState } from '../activities/ingest-dependencies.ts';
import { landSame } from '../activities/replay-batch.ts';
import type { BatchRef } from '../batch-outcome.ts';
import type { ProofName } from './proof.ts';

/** Proofs that landed bytes cannot give: what the source does when it is asked again from a cursor. */
export const onlyLive: readonly ProofName[] = ['resume-after-kill', 'late-row'];

/**
 * A source as its landed bytes show it: the newest reading of each batch, in the order of their first landing, instead of
 * the system itself, which is not asked. Bytes are checked against their hashes.
 */
export async function recordedSource(
  deps: Pick<IngestDependencies, 'store' | 'landing'>,
  source: SourceState,
): Promise<SourceState> {
  const rows = await allRows(deps.store, 'batch', {
    where: { source: source.name },
    order: 'oldest',
  });
  const newest = new Map<string, BatchRef>();
  for (const row of rows) {
    if (row.data['replays'] === undefined && row.status !== 'abandoned')
      newest.set(textMember(row.data, 'key'), batchRef(row));
  }
  const recorded = [...newest.values()];
  const connector: Connector = {
    ...source.connector,
    read: (context, request) => replayed(deps, source, recorded, context, request),
  };
  return { ...source, connector };
}

async function* replayed(
  deps: Pick<IngestDependencies, 'landing'>,
  source: SourceState,
  recorded: readonly BatchRef[],
  context: ReadContext<JsonObject>,
  request: ReadRequest,
): AsyncGenerator<ReadBatch> {
  await nameSecrets(source, context);
  const start = typeof request.position === 'number' ? request.position : after(recorded, request);
  for (const [n, { batch, key, streams, cursor, completeness }] of recorded.entries()) {
    if (n < start) continue;
    const writer = await context.openBatch(key);
    for (const file of await deps.landing.intact(batch)) await landSame(deps, writer, batch, file);
    yield { batch: writer.id, key, streams, cursor, completeness, position: n + 1 };
  }
}

/** The first batch after a cursor; the first of all where there is none. */
function after(recorded: readonly BatchRef[], { cursor, full }: ReadRequest): number {
  if (full || cursor === undefined) return 0;
  const same = (one: Json) => canonicalJson({ one }) === canonicalJson({ one: cursor });
  return recorded.findIndex((one) => same(one.cursor)) + 1;
}

/** Asks for the source's secrets, so that they are looked for in what was landed; one that was never sealed is nowhere. */
async function nameSecrets(
  { connector, config }: SourceState,
  context: ReadContext<JsonObject>,
): Promise<void> {
  const own = Object.keys(objectMember(config, 'secrets'));
  for (const name of new Set([...Object.keys(connector.secrets), ...own]))
    await context.secret(name).catch(() => undefined);
}
