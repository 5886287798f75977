import type { Classification, ColumnContract, ColumnType } from '../../core/stream-contract.ts';

/**
 * One column of a stream and where its text stands in the XML: element paths inside the row's own element, with
 * `@` before an attribute. The first path is the one of the tables of QĐ 1450, the others were met in the wild.
 */
export interface Field {
  readonly column: string;
  readonly type: ColumnType;
  readonly paths: readonly string[];
  readonly vi: string;
  readonly en: string;
  readonly classification: Classification;
  readonly unit?: string;
  /** A row without it is quarantined. */
  readonly required?: boolean;
  /** An unreadable value becomes NULL instead of a quarantined row. */
  readonly lenient?: boolean;
  /** Repeated values are joined by a space instead of quarantining the row. */
  readonly joined?: boolean;
  /** The text is a list of amounts, separated by U+001D; what is wanted is their sum. */
  readonly amounts?: boolean;
}

type Traits = Partial<
  Pick<Field, 'classification' | 'unit' | 'required' | 'lenient' | 'joined' | 'amounts'>
>;

/**
 * Declares a field.
 * @param paths - separated by ` | `; '' for a column that the connector computes
 */
export function field(
  column: string,
  type: ColumnType,
  paths: string,
  vi: string,
  en: string,
  traits: Traits = {},
): Field {
  const split = paths === '' ? [] : paths.split(' | ');
  return { column, type, paths: split, vi, en, classification: 'internal', ...traits };
}

/** The contract of a field's column. */
export function columnOf(declared: Field): ColumnContract {
  const { column, type, vi, en, classification, unit } = declared;
  return { name: column, type, label: { vi, en }, classification, ...(unit ? { unit } : {}) };
}

/** Money as the component tables size it: 21 digits, 6 of them after the point. */
export const money: ColumnType = 'decimal(21,6)';

/** Slot of a column in a table; a wrong name is our own mistake and ends the program at start. */
export function slotOf(fields: readonly Field[], column: string): number {
  const slot = fields.findIndex((field) => field.column === column);
  if (slot < 0) throw new RangeError(`no field ${column}`);
  return slot;
}
