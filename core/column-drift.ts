import type { DriftKind, DriftRule } from './stream-contract.ts';
import { optionalText } from './json-member.ts';
import type { JsonObject } from './json.ts';
import type { Localized } from './localized.ts';

/** How a column of a stream changed at its source, as one batch shows it. No value of a record stands in it. */
export interface ColumnDrift {
  readonly stream: string;
  readonly kind: DriftKind;
  readonly rule: DriftRule;
  /** Its name at the source: the new one, or the one that is gone. */
  readonly field: string;
  /** The declared column; null for a new one. */
  readonly column: string | null;
  /** The name it had at the source, where it was renamed. */
  readonly was: string | null;
  /** Rows that the change is about, and all rows of the batch. */
  readonly rows: number;
  readonly of: number;
  /** Members of the column's declaration that would take the change up; null where a person has to find them. */
  readonly proposed: JsonObject | null;
}

/** A change in words. */
export function driftText({ stream, kind, field, column, was, proposed }: ColumnDrift): Localized {
  const near = optionalText(proposed ?? {}, 'from') ?? optionalText(proposed ?? {}, 'unitFrom');
  switch (kind) {
    case 'new':
      return {
        vi: `luồng ${stream}: có cột mới “${field}”`,
        en: `stream ${stream}: “${field}” is a new column`,
      };
    case 'removed':
      return {
        vi: `luồng ${stream}: không còn cột “${field}”${named(column)}${near === undefined ? '' : `; có phải “${near}”?`}`,
        en: `stream ${stream}: column “${field}”${named(column)} is gone${near === undefined ? '' : `; is it “${near}”?`}`,
      };
    case 'renamed':
      return {
        vi: `luồng ${stream}: cột “${was ?? ''}”${named(column)} nay tên là “${field}”`,
        en: `stream ${stream}: column “${was ?? ''}”${named(column)} is now called “${field}”`,
      };
    case 'retyped':
      return {
        vi: `luồng ${stream}: cột “${field}”${named(column)} đổi kiểu dữ liệu hoặc cách ghi`,
        en: `stream ${stream}: column “${field}”${named(column)} has another type or spelling`,
      };
  }
}

function named(column: string | null): string {
  return column === null ? '' : ` (${column})`;
}

/** The stable code of a kind of change. */
export function driftCode(kind: DriftKind): string {
  return kind === 'removed' ? 'column-missing' : `column-${kind}`;
}

/** Whether a change keeps the whole batch back: its owner is asked, or no row of it is left. */
export function holdsBatch({ rule, rows, of }: ColumnDrift): boolean {
  return rule === 'pause' || (rule === 'quarantine' && of > 0 && rows === of);
}
