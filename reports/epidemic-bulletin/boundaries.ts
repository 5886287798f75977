import { literal } from '../../core/sql-text.ts';
import type { ReportContext } from '../report.ts';

/** By which columns of the facts a bulletin is cut to communes and to the province. */
export interface Boundaries {
  readonly commune: 'commune_code' | 'current_commune_code';
  readonly province: 'province_code' | 'current_province_code';
}

/**
 * The boundaries in force on the day that `areasAsOf` names. From the last reform on these are today's, and earlier
 * weeks are carried over by the crosswalk; before it, each week has its own.
 */
export async function boundariesAt({ select, areasAsOf }: ReportContext): Promise<Boundaries> {
  const { rows } = await select(
    `select coalesce(max(valid_from), date '1900-01-01') <= date ${literal(areasAsOf)} from dim.area_crosswalk`,
  );
  return rows[0]?.[0] === true
    ? { commune: 'current_commune_code', province: 'current_province_code' }
    : { commune: 'commune_code', province: 'province_code' };
}
