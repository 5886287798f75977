import type { FigureTable } from '../../transforms/catalog/figure-table.ts';
import type { ReportContent } from '../report.ts';

/** A computed table by its id; TypeError when the report did not compute it. */
export function tableIn({ tables }: Pick<ReportContent, 'tables'>, id: string): FigureTable {
  const table = tables.find((candidate) => candidate.id === id);
  if (!table) throw new TypeError(`no table ${id}`);
  return table;
}
