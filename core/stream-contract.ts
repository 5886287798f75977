import type { Localized } from './localized.ts';

/**
 * Types a column may have, spelled as in DuckDB. `timestamp` is Vietnamese wall time (+07:00, no DST);
 * `timestamptz` an instant. Money, counts and rates are bigint or decimal, never a float.
 */
export type ColumnType =
  | 'varchar'
  | 'bigint'
  | 'integer'
  | 'boolean'
  | 'date'
  | 'timestamp'
  | 'timestamptz'
  | `decimal(${number},${number})`;

/** Who may see a column (Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15). */
export type Classification = 'public' | 'internal' | 'personal' | 'sensitive';

/** One column of a stream. */
export interface ColumnContract {
  /** snake_case English. */
  readonly name: string;
  readonly type: ColumnType;
  readonly label: Localized;
  readonly classification: Classification;
  /** Unit of measure: `VND`, `person`, `day` …; absent for text and codes. */
  readonly unit?: string;
  /** What its values have to be, where the connector says so: also those that a person corrects. */
  readonly rule?: ColumnRule;
}

/** What the values of a column have to be. */
export interface ColumnRule {
  readonly required?: boolean;
  readonly min?: number;
  readonly max?: number;
  /** The whole text fits this pattern. */
  readonly matches?: string;
  readonly oneOf?: readonly string[];
  /** Codes that a person may write instead of what they stand for. */
  readonly codes?: Readonly<Record<string, string>>;
}

/** How a column of a source may change against its contract. */
export const driftKinds = ['new', 'removed', 'renamed', 'retyped'] as const;

/** One of {@link driftKinds}. */
export type DriftKind = (typeof driftKinds)[number];

/**
 * What happens to a column that appears, disappears, is renamed or retyped: its rows are loaded as far as they can be
 * understood, the rows it is about go to quarantine, or the batch is held and the source asks its owner.
 */
export type DriftRule = 'accept' | 'quarantine' | 'pause';

/** The rules of one stream; kinds without one follow {@link usualDrift}. */
export type DriftRules = Readonly<Partial<Record<DriftKind, DriftRule>>>;

/** What happens where nobody decided: a new column harms nobody, any other change keeps its rows back. */
export const usualDrift = {
  new: 'accept',
  removed: 'quarantine',
  renamed: 'quarantine',
  retyped: 'quarantine',
} as const satisfies Readonly<Record<DriftKind, DriftRule>>;

/** The schema contract of one stream: what decode promises and the warehouse keeps. */
export interface StreamContract {
  /** snake_case; the table is `<layer>.<stream>`. */
  readonly stream: string;
  readonly layer: 'staging' | 'dim';
  readonly label: Localized;
  readonly columns: readonly ColumnContract[];
  readonly key: readonly string[];
  /** Statistical unit to be protected. */
  readonly subject?: 'person' | 'enterprise' | 'holding';
  /** The stream whose quarantined rows hold this stream's rows: joined on the parent's key columns. */
  readonly parent?: string;
  /**
   * How rows leave: `none`; `tombstone` (received deletions); `absence` (rows of a partition that a batch claims
   * to cover completely and no longer holds are deleted); `both` (a source that sends now the whole, now changes).
   */
  readonly deletes: 'none' | 'tombstone' | 'absence' | 'both';
  /** Columns that name a partition for `absence`; empty = the whole table. */
  readonly partition?: readonly string[];
  /** Share of quarantined rows above which the batch is held (0–1), default 0.2. */
  readonly holdAbove?: number;
  /** Number of quarantined rows above which the batch is held; none unless said. */
  readonly holdAboveRows?: number;
  /** What becomes of columns that change; `usualDrift` where it says nothing. */
  readonly drift?: DriftRules;
  /** Names that the source sends and nobody wants: they are not new. */
  readonly ignored?: readonly string[];
}

/** Whether received deletions are rows of the stream. */
export function takesTombstones({ deletes }: StreamContract): boolean {
  return deletes === 'tombstone' || deletes === 'both';
}

/** Whether rows that a complete batch no longer holds are deleted. */
export function takesAbsence({ deletes }: StreamContract): boolean {
  return deletes === 'absence' || deletes === 'both';
}
