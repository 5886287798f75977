import { isObject, objectMember, optionalText } from '../core/json-member.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { formatReference } from '../core/reference.ts';

/** A row of another home that a traced row was read from: its lineage goes on there. */
interface UpstreamRow {
  /** Id of the home that published it. */
  readonly home: string;
  readonly dataset: string;
  readonly key: string;
  /** The batch it came with there, and when it was recorded there. */
  readonly batch: string | null;
  readonly recordedAt: string | null;
  /** What `phusa trace` is asked in that home. */
  readonly ref: string;
}

/** The rows of other homes behind the rows that a trace shows, once each. */
export function upstreamOf(trace: JsonObject): readonly UpstreamRow[] {
  const { sources } = trace;
  const tables = [
    objectMember(trace, 'rows'),
    ...(isList(sources) ? sources.filter(isObject) : []),
  ];
  const rows = tables.flatMap(({ sample }) => (isList(sample) ? sample.filter(isObject) : []));
  const found = rows.flatMap((row) => upstreamRow(row) ?? []);
  return [...new Map(found.map((one) => [`${one.home} ${one.ref}`, one])).values()];
}

function upstreamRow(row: JsonObject): UpstreamRow | undefined {
  const home = optionalText(row, 'upstream_home');
  const dataset = optionalText(row, 'upstream_asset');
  const key = optionalText(row, 'upstream_key');
  if (home === undefined || dataset === undefined || key === undefined) return undefined;
  return {
    ...{ home, dataset, key },
    batch: optionalText(row, 'upstream_batch') ?? null,
    recordedAt: optionalText(row, 'upstream_recorded_at') ?? null,
    ref: formatReference({ kind: 'row', asset: dataset, key: key.split('|') }),
  };
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
