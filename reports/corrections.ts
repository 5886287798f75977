import { formatCell } from '../core/reference.ts';
import type { Language } from '../core/localized.ts';
import type { FigureTable } from '../transforms/catalog/figure-table.ts';

/** Corrections listed one by one; beyond, only their number is said. */
const listed = 20;

/** What an edition changes of the one before, cell by cell, in words. */
export function correctionsBetween(
  before: readonly FigureTable[],
  after: readonly FigureTable[],
  language: Language,
): readonly string[] {
  const old = cells(before);
  const changed = [...cells(after)].flatMap(([cell, now]) => {
    const was = old.get(cell);
    return was !== undefined && was !== now ? [{ cell, was, now }] : [];
  });
  const lines = changed.slice(0, listed).map(({ cell, was, now }) => `${cell}: ${was} → ${now}`);
  if (changed.length <= listed) return lines;
  const rest = changed.length - listed;
  return [...lines, language === 'vi' ? `và ${rest} ô khác` : `and ${rest} more cells`];
}

function cells(tables: readonly FigureTable[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const { id, rows } of tables) {
    for (const row of rows) {
      for (const [column, value] of Object.entries(row.values)) {
        values.set(formatCell({ table: id, row: row.key, column }), value ?? '—');
      }
    }
  }
  return values;
}
