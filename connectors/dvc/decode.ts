import type { DecodeSession } from '../../warehouse/decode-session.ts';
import type { DvcConfig } from './config.ts';
import { decodeDossiers } from './decode-dossiers.ts';
import { decodeAgencies, decodeProcedures, decodeStatuses } from './decode-lists.ts';

/** Decodes a batch by what it covers: one code list, or a window of dossiers. */
export async function decodeDvc(session: DecodeSession, config: DvcConfig): Promise<void> {
  const covers = (stream: string) => session.streams.includes(stream);
  if (covers('dossier_status')) await decodeStatuses(session);
  if (covers('procedure')) await decodeProcedures(session);
  if (covers('agency')) await decodeAgencies(session);
  if (covers('dossier')) await decodeDossiers(session, config);
}
