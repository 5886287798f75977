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

/** A text field that has one name in both forms. */
export function text(
  column: string,
  name: string,
  vi: string,
  en: string,
  classification: Classification = 'internal',
): RosterField {
  return {
    column,
    type: 'varchar',
    vi,
    en,
    classification,
    csv: name,
    json: { kind: 'text', member: name },
  };
}

/** A day. */
export function day(
  column: string,
  name: string,
  vi: string,
  en: string,
  classification: Classification = 'internal',
): RosterField {
  return { ...text(column, name, vi, en, classification), type: 'date' };
}

/** A yes or no. */
export function flag(
  column: string,
  name: string,
  vi: string,
  en: string,
  classification: Classification = 'internal',
): RosterField {
  return { ...text(column, name, vi, en, classification), type: 'boolean' };
}

/** A reference: `<member>SourcedId` in CSV, an object in JSON. */
export function reference(
  column: string,
  member: string,
  vi: string,
  en: string,
  classification: Classification = 'internal',
): RosterField {
  return {
    ...text(column, `${member}SourcedId`, vi, en, classification),
    json: { kind: 'ref', member },
  };
}

/** Several references: `csv` holds them separated by commas. */
export function references(
  column: string,
  csv: string,
  member: string,
  vi: string,
  en: string,
  classification: Classification = 'internal',
): RosterField {
  return {
    ...text(column, csv, vi, en, classification),
    json: { kind: 'refs', member },
    isList: true,
  };
}

/** Several texts. */
export function list(column: string, name: string, vi: string, en: string): RosterField {
  return { ...text(column, name, vi, en), json: { kind: 'list', member: name }, isList: true };
}
