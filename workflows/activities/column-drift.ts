import { z } from 'zod';
import { noteDrift } from '../../connectors/decode/note-drift.ts';
import { invalidReason } from '../../connectors/decode/text-cast.ts';
import type { JournalWriter, StateRow } from '../../control/port.ts';
import { driftCode, driftText, holdsBatch, type ColumnDrift } from '../../core/column-drift.ts';
import type { Failure } from '../../core/errors.ts';
import { asJson, isObject, objectMember, textList } from '../../core/json-member.ts';
import { canonicalJson, type JsonObject } from '../../core/json.ts';
import type { Localized } from '../../core/localized.ts';
import { literal } from '../../core/sql-text.ts';
import { driftKinds, type StreamContract } from '../../core/stream-contract.ts';
import type { DecodeSession } from '../../warehouse/decode-session.ts';
import type { BatchCheckSql, CheckFinding } from '../../warehouse/staged-batch.ts';
import type { BatchRef } from '../batch-outcome.ts';
import type { SourceState } from './ingest-dependencies.ts';

/** What a batch shows of its source's columns. */
export interface SeenColumns {
  readonly changes: readonly ColumnDrift[];
  /** Names that records have, by stream. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
}

/** A change that nobody has answered yet, with the batch that showed it first. */
export interface OpenChange extends ColumnDrift {
  readonly batch: string;
}

const changeShape = z.object({
  stream: z.string(),
  kind: z.enum(driftKinds),
  rule: z.enum(['accept', 'quarantine', 'pause']),
  field: z.string(),
  column: z.string().nullable(),
  was: z.string().nullable(),
  rows: z.number(),
  of: z.number(),
  proposed: z.record(z.string(), z.json()).nullable(),
});

const told = z.object({
  changes: z.array(changeShape),
  fields: z.array(z.string()),
});

const code = 'columns-changed';
const words: Localized = { vi: 'Cột của nguồn đã đổi', en: 'Columns of the source changed' };

/** Whether anything is to be learned of the columns of a source. */
export function watchesColumns({
  connector,
  config,
}: Pick<SourceState, 'connector' | 'config'>): boolean {
  return (
    connector.followsDrift === true ||
    connector.streams(config).some(({ drift }) => drift !== undefined)
  );
}

/** Checks that hold a batch by the changes that decode told of, and carry them out of it. */
export function driftChecks(
  source: Pick<SourceState, 'connector' | 'config'>,
  streams: readonly string[],
): readonly BatchCheckSql[] {
  if (!watchesColumns(source)) return [];
  return streams.flatMap((on): readonly BatchCheckSql[] => {
    const of = `from column_drift where stream = ${literal(on)}`;
    const all = `select 'columns' as field, to_json({'changes': list(body::json) filter (where body is not null),
      'fields': coalesce(flatten(list(fields) filter (where fields is not null)), [])})::varchar as value ${of} having count(*) > 0`;
    const holding = `select json_extract_string(body, '$.field') as field, json_extract_string(body, '$.kind') as value ${of} and holds`;
    const same = { code, on, label: words, remedy: adoptOrEdit };
    return [
      { ...same, severity: 'warn', sql: all, together: all },
      { ...same, severity: 'block', sql: holding, together: holding },
    ];
  });
}

/** Takes what {@link driftChecks} found out of the findings of a batch: a finding for each change stands in its place. */
export function seenColumns(findings: readonly CheckFinding[]): {
  readonly seen: SeenColumns;
  readonly findings: readonly CheckFinding[];
} {
  const fields: Record<string, readonly string[]> = {};
  const changes: ColumnDrift[] = [];
  for (const finding of findings) {
    if (finding.code !== code || finding.severity !== 'warn') continue;
    const read = told.parse(JSON.parse(withoutNull(finding.sample[0]?.value ?? '')));
    fields[finding.on] = read.fields;
    changes.push(...read.changes);
  }
  const others = findings.filter((finding) => finding.code !== code);
  return { seen: { changes, fields }, findings: [...changes.map(findingOf), ...others] };
}

/** No change is an empty list. */
function withoutNull(text: string): string {
  return text.replace('"changes":null', '"changes":[]');
}

/** Why a batch may not be published, its changed columns by name. */
export function heldReasons(
  held: readonly CheckFinding[],
  { changes }: SeenColumns,
): readonly CheckFinding[] {
  const others = held.filter((finding) => finding.code !== code);
  return [...changes.filter(holdsBatch).map(findingOf), ...others];
}

function findingOf(change: ColumnDrift): CheckFinding {
  return {
    code: driftCode(change.kind),
    severity: holdsBatch(change) ? 'block' : 'warn',
    on: change.stream,
    label: driftText(change),
    remedy: adoptOrEdit,
    count: change.rows,
    sample: [],
  };
}

const adoptOrEdit: Localized = {
  vi: 'Xem: phusa source show; chấp nhận: phusa source adopt; hoặc sửa nguồn: phusa source edit.',
  en: 'See: phusa source show; take up: phusa source adopt; or edit the source: phusa source edit.',
};

/** Reasons of values that are not of their column's type. */
const castReasons = (['integer', 'decimal(1,0)', 'boolean', 'date', 'timestamptz'] as const).map(
  (type) => literal(invalidReason(type)),
);

/**
 * Tells of columns most of whose values were rejected for their type, for connectors that do not look themselves and
 * streams whose contract says what is to become of them.
 */
export async function noteRetyped(
  session: DecodeSession,
  contracts: readonly StreamContract[],
): Promise<void> {
  for (const { stream, columns, drift } of contracts) {
    const rule = drift?.retyped;
    if (rule === undefined) continue;
    const rows = await session.rows(`select _field as field, count(*) as rows,
        (select count(*) from decoded_${stream}) as total from decoded_${stream}
      where _status = 'quarantined' and _reason in (${castReasons.join(', ')}) group by 1
      having count(*) >= 3 and count(*) * 2 > total order by 1`);
    const changes = rows.flatMap((row): readonly ColumnDrift[] => {
      const field = row['field'] ?? '';
      if (!columns.some(({ name }) => name === field)) return [];
      const counted = { rows: Number(row['rows']), of: Number(row['total']) };
      return [
        {
          stream,
          kind: 'retyped',
          rule,
          field,
          column: field,
          was: null,
          ...counted,
          proposed: null,
        },
      ];
    });
    await noteDrift(session, stream, changes);
  }
}

/** Refusals that tell of a column which is gone, from connectors that need all of theirs. */
const missingCodes = ['header-missing-column', 'column-missing'];

/** What the refusal of a batch tells of its columns: one is gone, and the rule of its stream says what to do. */
export function refusedColumns(
  { connector, config }: SourceState,
  ref: BatchRef,
  failure: Failure,
): SeenColumns {
  if (!missingCodes.includes(failure.code)) return { changes: [], fields: {} };
  const changes = connector.streams(config).flatMap(({ stream, drift }): readonly ColumnDrift[] => {
    const rule = drift?.removed;
    if (rule === undefined || !ref.streams.includes(stream)) return [];
    const field = failure.message.vi;
    return [
      {
        stream,
        kind: 'removed',
        rule,
        field,
        column: null,
        was: null,
        rows: 0,
        of: 0,
        proposed: null,
      },
    ];
  });
  return { changes, fields: {} };
}

/** Most names of a stream that are kept: records with names of their own making are not told about for ever. */
const mostNames = 500;

/**
 * Journals what a batch shows of its source's columns, where it is news: the changes that nobody answered yet, the names
 * that were seen, and that the source is paused and asks, where a rule says so.
 */
export async function noteDrifted(
  journal: JournalWriter,
  actor: string,
  { source, batch, streams }: BatchRef,
  { changes, fields }: SeenColumns,
): Promise<void> {
  if (changes.length === 0 && Object.keys(fields).length === 0) return;
  const row = await journal.get('source', source);
  if (!row || row.status === 'removed') return;
  const before = openChanges(row);
  const drift = [
    ...before.filter((one) => !streams.includes(one.stream) || isLasting(one, changes)),
    ...changes.map((one): OpenChange => ({ ...one, batch: firstBatch(before, one) ?? batch })),
  ];
  const names = mergedNames(row, fields);
  const asking = changes.filter(({ rule }) => rule === 'pause').map(driftText);
  const pauses = asking.length > 0 && row.status === 'active';
  const same =
    canonicalJson(asJson(before)) === canonicalJson(asJson(drift)) &&
    canonicalJson(names) === canonicalJson(objectMember(row.data, 'fields'));
  if (same && !pauses) return;
  await journal.record({
    kind: pauses ? 'source.paused' : 'source.drifted',
    subject: source,
    actor,
    data: {
      drift: drift.map(asJson),
      fields: names,
      ...(pauses ? { status: 'paused', pausedBy: 'drift', asks: asking.map(asJson) } : {}),
    },
  });
}

/** A new column that was let pass is told of until somebody answers, though it is new only once. */
function isLasting(open: OpenChange, changes: readonly ColumnDrift[]): boolean {
  return open.kind === 'new' && !changes.some((one) => isSame(one, open));
}

function isSame(one: ColumnDrift, other: ColumnDrift): boolean {
  return one.stream === other.stream && one.kind === other.kind && one.field === other.field;
}

function firstBatch(before: readonly OpenChange[], change: ColumnDrift): string | undefined {
  return before.find((one) => isSame(one, change))?.batch;
}

function mergedNames(row: StateRow, fields: SeenColumns['fields']): JsonObject {
  const kept = objectMember(row.data, 'fields');
  const merged = Object.entries(fields).map(([stream, names]) => {
    const all = [...new Set([...textList(kept, stream), ...names])].sort();
    return [stream, all.length > mostNames ? textList(kept, stream) : all] as const;
  });
  return { ...kept, ...Object.fromEntries(merged) };
}

/** Changes of a source's columns that nobody has answered yet. */
export function openChanges({ data }: Pick<StateRow, 'data'>): readonly OpenChange[] {
  const read = z.array(changeShape.extend({ batch: z.string() })).safeParse(data['drift']);
  return read.success ? read.data : [];
}

/** Names that records of a source had, by stream. */
export function seenNames({
  data,
}: Pick<StateRow, 'data'>): Readonly<Record<string, readonly string[]>> {
  const kept = data['fields'];
  if (!isObject(kept)) return {};
  return Object.fromEntries(Object.keys(kept).map((stream) => [stream, textList(kept, stream)]));
}
