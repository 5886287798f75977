import { applyCorrections } from '../../connectors/decode/corrected-rows.ts';
import { isCorrection } from '../../connectors/decode/correction-sheet.ts';
import type { DecodeSession } from '../../warehouse/decode-session.ts';
import type { SourceState } from './ingest-dependencies.ts';

/**
 * Decodes the landed bytes of a batch by its source's version: the connector what the source sent, then the rows that a
 * person corrected over the rejected ones.
 */
export async function decodeLanded(
  { connector, config }: SourceState,
  session: DecodeSession,
): Promise<void> {
  const corrections = session.files.filter(isCorrection);
  if (corrections.length === 0) {
    await connector.decode(session, config);
    return;
  }
  const files = session.files.filter((file) => !isCorrection(file));
  await connector.decode({ ...session, files }, config);
  const contracts = connector
    .streams(config)
    .filter(({ stream }) => session.streams.includes(stream));
  for (const file of corrections) await applyCorrections(session, file, contracts);
}
