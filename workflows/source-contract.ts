import { z } from 'zod';
import type { Connector } from '../connectors/port.ts';
import type { JsonObject } from '../core/json.ts';
import { driftKinds, type DriftRules, type StreamContract } from '../core/stream-contract.ts';

const rule = z.enum(['accept', 'quarantine', 'pause']);

/**
 * What the owner of a source decided beyond what its connector declares, by stream: from which share and which number of
 * rejected rows a batch is held, and what becomes of columns that change.
 */
export const sourceContract = z.record(
  z.string(),
  z.strictObject({
    /** Share of rejected rows above which a batch is held (0–1). */
    holdAbove: z.number().min(0).max(1).exactOptional(),
    /** Number of rejected rows above which a batch is held. */
    holdAboveRows: z.int().min(0).exactOptional(),
    /** What becomes of a column that is new, removed, renamed, retyped. */
    new: rule.exactOptional(),
    removed: rule.exactOptional(),
    renamed: rule.exactOptional(),
    retyped: rule.exactOptional(),
    /** Names that the source sends and nobody wants. */
    ignored: z.array(z.string().min(1)).exactOptional(),
  }),
);

/** The contract of one stream as its source has it. */
export type OwnContract = z.infer<typeof sourceContract>[string];

/** A source's decisions; empty where it made none. */
export function contractOf(kept: JsonObject): Readonly<Record<string, OwnContract>> {
  const read = sourceContract.safeParse(kept);
  return read.success ? read.data : {};
}

/** The connector as one source uses it: its streams with the thresholds and rules that the source's contract sets. */
export function withContract(connector: Connector, kept: JsonObject): Connector {
  const own = contractOf(kept);
  if (Object.keys(own).length === 0) return connector;
  const streams: Connector['streams'] = (config) =>
    connector.streams(config).map((stream) => withOwn(stream, own[stream.stream]));
  return { ...connector, streams };
}

function withOwn(stream: StreamContract, own: OwnContract = {}): StreamContract {
  const { holdAbove, holdAboveRows, ignored = [] } = own;
  const drift = { ...stream.drift, ...driftRules(own) };
  const leftOut = [...(stream.ignored ?? []), ...ignored];
  return {
    ...stream,
    ...(holdAbove === undefined ? {} : { holdAbove }),
    ...(holdAboveRows === undefined ? {} : { holdAboveRows }),
    ...(Object.keys(drift).length === 0 ? {} : { drift }),
    ...(leftOut.length === 0 ? {} : { ignored: leftOut }),
  };
}

/** The rules on changed columns that a source's contract sets. */
function driftRules(own: OwnContract): DriftRules {
  return Object.fromEntries(
    driftKinds.flatMap((kind) => {
      const decided = own[kind];
      return decided === undefined ? [] : [[kind, decided] as const];
    }),
  );
}
