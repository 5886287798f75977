import { z } from 'zod';
import type { Connector } from '../connectors/port.ts';
import type { JsonObject } from '../core/json.ts';
import type { StreamContract } from '../core/stream-contract.ts';

/**
 * What the owner of a source decided beyond what its connector declares, by stream: from which share and which number of
 * rejected rows a batch is held.
 */
export const sourceContract = z.record(
  z.string(),
  z.strictObject({
    /** Share of rejected rows above which a batch is held (0–1). */
    holdAbove: z.number().min(0).max(1).exactOptional(),
    /** Number of rejected rows above which a batch is held. */
    holdAboveRows: z.int().min(0).exactOptional(),
  }),
);

/** The contract of one stream as its source has it. */
export type OwnContract = z.infer<typeof sourceContract>[string];

/** A source's decisions; empty where it made none. */
export function contractOf(kept: JsonObject): Readonly<Record<string, OwnContract>> {
  const read = sourceContract.safeParse(kept);
  return read.success ? read.data : {};
}

/** The connector as one source uses it: its streams with the thresholds that the source's contract sets. */
export function withContract(connector: Connector, kept: JsonObject): Connector {
  const own = contractOf(kept);
  if (Object.keys(own).length === 0) return connector;
  const streams: Connector['streams'] = (config) =>
    connector.streams(config).map((stream) => withThresholds(stream, own[stream.stream]));
  return { ...connector, streams };
}

function withThresholds(stream: StreamContract, own: OwnContract | undefined): StreamContract {
  return {
    ...stream,
    ...(own?.holdAbove === undefined ? {} : { holdAbove: own.holdAbove }),
    ...(own?.holdAboveRows === undefined ? {} : { holdAboveRows: own.holdAboveRows }),
  };
}
