import type { FigureTable } from '../../transforms/catalog/figure-table.ts';
import { AGENCY_GROUPS, type AgencyGroup } from './names.ts';

/** Key of the row of the whole city in counts. */
export const TOTAL: readonly string[] = ['total'];

/** Key of the row of the whole city in scores: `mart.dossier_score` has it as an agency of its own. */
export const CITY: readonly string[] = ['*'];

/** Key of the row that sums a group of agencies. */
export function groupKey(group: AgencyGroup): readonly string[] {
  return [`sum-${group}`];
}

/** Keys of the agencies of biểu 1, without its sums. */
export function agencyKeys(handling: FigureTable): readonly (readonly string[])[] {
  const sums = new Set([TOTAL, ...AGENCY_GROUPS.map(groupKey)].map(([key]) => key));
  return handling.rows.map(({ key }) => key).filter(([code]) => !sums.has(code));
}
