import { applyCorrections } from '../../connectors/decode/corrected-rows.ts';
import { isCorrection } from '../../connectors/decode/correction-sheet.ts';
import { prepareDrift } from '../../connectors/decode/note-drift.ts';
import type { StreamContract } from '../../core/stream-contract.ts';
import type { DecodeSession, DriftGuide } from '../../warehouse/decode-session.ts';
import { noteRetyped, watchesColumns } from './column-drift.ts';
import type { SourceState } from './ingest-dependencies.ts';

/**
 * Decodes the landed bytes of a batch by its source's version: the connector what the source sent, by the rules on columns
 * that changed, then the rows that a person corrected over the rejected ones.
 */
export async function decodeLanded(source: SourceState, given: DecodeSession): Promise<void> {
  const { connector, config } = source;
  const contracts = connector
    .streams(config)
    .filter(({ stream }) => given.streams.includes(stream));
  const session = { ...given, guides: guidesOf(source, contracts) };
  const corrections = session.files.filter(isCorrection);
  const files = session.files.filter((file) => !isCorrection(file));
  if (watchesColumns(source)) await prepareDrift(session);
  await connector.decode(corrections.length === 0 ? session : { ...session, files }, config);
  if (connector.followsDrift !== true) await noteRetyped(session, contracts);
  for (const file of corrections) await applyCorrections(session, file, contracts);
}

function guidesOf(
  { seen }: SourceState,
  contracts: readonly StreamContract[],
): Readonly<Record<string, DriftGuide>> {
  return Object.fromEntries(
    contracts.map(({ stream, drift = {}, ignored = [] }) => {
      const names = seen?.[stream];
      return [stream, { rules: drift, ignored, ...(names === undefined ? {} : { seen: names }) }];
    }),
  );
}
