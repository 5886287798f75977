import type { StreamContract } from '../../core/stream-contract.ts';
import type { ReadRequest } from '../port.ts';

/**
 * Streams of a group that a request reads. Streams of one file publish together, so asking for one of a group reads
 * the whole group.
 */
export function coveredStreams(
  { streams }: ReadRequest,
  group: readonly StreamContract[],
): readonly string[] {
  const names = group.map(({ stream }) => stream);
  return streams === undefined || names.some((name) => streams.includes(name)) ? names : [];
}
