import type { Json } from '../core/json.ts';
import type { Language } from '../core/localized.ts';
import { inWords, listAt, listOf, textAt } from './reading.ts';
import { textTable } from './text-table.ts';

/** A query's answer as an aligned table, CSV (RFC 4180) or a list of JSON objects. */
export function presentQuery(result: Json, format: string, language: Language): string {
  const columns = listAt(result, 'columns');
  const rows = listAt(result, 'rows').map(listOf);
  const names = columns.map((column) => textAt(column, 'name') ?? '');
  if (format === 'json') {
    return JSON.stringify(
      rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]]))),
      null,
      2,
    );
  }
  const cells = rows.map((row) => row.map((cell) => inWords(cell, language)));
  if (format === 'csv') return [names, ...cells].map(csvLine).join('\r\n');
  const numeric = (type: string): boolean => /INT|DECIMAL|DOUBLE|FLOAT/i.test(type);
  return textTable(
    columns.map((column, i) => ({
      heading: names[i] ?? '',
      align: numeric(textAt(column, 'type') ?? '') ? 'right' : 'left',
    })),
    cells,
  );
}

function csvLine(cells: readonly string[]): string {
  return cells.map(csvCell).join(',');
}

/** A text that a spreadsheet would take for a formula gets a quote before it (ASVS 5.0 V1.2.10); numbers stay. */
function csvCell(text: string): string {
  const formula = /^[=+\-@\t\r]/.test(text) && !/^[+-]?\d+(\.\d+)?$/.test(text);
  const safe = formula ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
