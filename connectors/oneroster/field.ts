import { assertNever } from '../../core/assert-never.ts';
import type { Classification, ColumnType } from '../../core/stream-contract.ts';

/**
 * Where a field stands in a JSON record: a text, a GUID reference (`{sourcedId}`), a list of references, a list of
 * texts, or one of the two nested lists that have a text form of their own in CSV.
 */
export type JsonPlace =
  | { readonly kind: 'text'; readonly member: string }
  | { readonly kind: 'ref'; readonly member: string }
  | { readonly kind: 'refs'; readonly member: string }
  | { readonly kind: 'list'; readonly member: string }
  | { readonly kind: 'user-ids' }
  | { readonly kind: 'roles' };

/** One field of a roster: its column, and where CSV and JSON have it. */
export interface RosterField {
  readonly column: string;
  readonly type: Extract<ColumnType, 'varchar' | 'date' | 'boolean' | 'integer'>;
  readonly vi: string;
  readonly en: string;
  readonly classification: Classification;
  /** CSV header; absent where only JSON has the field. */
  readonly csv?: string;
  readonly json?: JsonPlace;
  readonly required?: true;
  /** Commas separate the members of its text. */
  readonly isList?: true;
}

/** What a field holds. */
export type FieldKind = 'text' | 'day' | 'flag' | 'reference' | 'references' | 'list';

/**
 * A field of a kind. `place` is its name in both forms; of a reference the JSON member, which CSV calls
 * `<member>SourcedId`; of several references `<CSV header>/<JSON member>`.
 */
export function field(
  kind: FieldKind,
  column: string,
  place: string,
  vi: string,
  en: string,
  classification: Classification = 'internal',
): RosterField {
  const common = { column, vi, en, classification };
  const [csv = '', member = ''] = place.split('/');
  switch (kind) {
    case 'text':
    case 'day':
    case 'flag':
      return { ...common, type: types[kind], csv, json: { kind: 'text', member: csv } };
    case 'reference':
      return {
        ...common,
        type: 'varchar',
        csv: `${csv}SourcedId`,
        json: { kind: 'ref', member: csv },
      };
    case 'references':
      return { ...common, type: 'varchar', csv, json: { kind: 'refs', member }, isList: true };
    case 'list':
      return { ...common, type: 'varchar', csv, json: { kind: 'list', member: csv }, isList: true };
    default:
      return assertNever(kind);
  }
}

const types = { text: 'varchar', day: 'date', flag: 'boolean' } as const;
