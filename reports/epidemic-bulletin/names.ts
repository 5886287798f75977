import { z } from 'zod';
import { inForceOn } from '../layout/in-force.ts';
import { literal } from '../../core/sql-text.ts';
import { legalBasisSchema, readLegalBases } from '../layout/legal-bases.ts';
import type { ReportContent, ReportContext } from '../report.ts';

const communeSchema = z
  .object({ code: z.string(), name: z.string(), shortName: z.string(), listed: z.boolean() })
  .readonly();
export type Commune = z.infer<typeof communeSchema>;

const tileSchema = z
  .object({ code: z.string(), column: z.int(), row: z.int(), label: z.string() })
  .readonly();
export type Tile = z.infer<typeof tileSchema>;

const namesSchema = z
  .object({
    communes: z.array(communeSchema).readonly(),
    tiles: z.array(tileSchema).readonly(),
    /** Days and labels of the population figures used. */
    populations: z.array(z.object({ day: z.string(), label: z.string() }).readonly()).readonly(),
    meanWeeks: z.int(),
    ratePer: z.int(),
    legalBases: z.array(legalBasisSchema).readonly(),
  })
  .readonly();
export type BulletinNames = z.infer<typeof namesSchema>;

/** The names as the computation wrote them. */
export function namesOf(content: ReportContent): BulletinNames {
  return namesSchema.parse(content.names);
}

/** Reads communes as of a day, tiles, dates of populations, settings and legal bases. */
export async function readNames(context: ReportContext, weekEnd: string): Promise<BulletinNames> {
  const { meanWeeks, ratePer } = await readSettings(context, weekEnd);
  return {
    communes: await readCommunes(context),
    tiles: await readTiles(context),
    populations: await readPopulations(context, weekEnd),
    meanWeeks,
    ratePer,
    legalBases: await readLegalBases(context, ['health'], weekEnd),
  };
}

/** Communes of the province, and island districts without communes: these are only listed with data. */
async function readCommunes({
  select,
  areasAsOf,
  province,
}: ReportContext): Promise<readonly Commune[]> {
  const { rows } = await select(`select code, full_name, name, level = 'commune'
from dim.area
where level in ('commune', 'district') and province_code = ${literal(province)} and ${inForceOn(areasAsOf)}
order by code`);
  return rows.map(([code, name, shortName, listed]) => ({
    code: String(code),
    name: String(name),
    shortName: String(shortName),
    listed: listed === true,
  }));
}

async function readTiles({ select }: ReportContext): Promise<readonly Tile[]> {
  const { rows } = await select(
    `select commune_code, tile_column, tile_row, label from dim.area_tile order by commune_code`,
  );
  return rows.map(([code, column, row, label]) => ({
    code: String(code),
    column: Number(column),
    row: Number(row),
    label: String(label ?? ''),
  }));
}

/** Each commune's newest population at the week's end, as the mart takes it. */
async function readPopulations(
  { select, areasAsOf, province }: ReportContext,
  weekEnd: string,
): Promise<BulletinNames['populations']> {
  const { rows } = await select(`select distinct p.valid_from, p.label
from dim.population p
join (
  select commune_code, max(valid_from) as valid_from from dim.population
  where valid_from <= date ${literal(weekEnd)}
  group by commune_code
) newest on newest.commune_code = p.commune_code and newest.valid_from = p.valid_from
where p.commune_code in (
  select code from dim.area where province_code = ${literal(province)} and ${inForceOn(areasAsOf)})
order by p.valid_from, p.label`);
  return rows.map(([day, label]) => ({ day: String(day), label: String(label ?? '') }));
}

/** COVID-19 settings; without a configured rule the mean is of 4 weeks and rates per 100,000 (B4, TT 15/2026/TT-BYT). */
async function readSettings(
  { select }: ReportContext,
  weekEnd: string,
): Promise<{ readonly meanWeeks: number; readonly ratePer: number }> {
  const { rows } = await select(
    `select mean_weeks, rate_per from dim.epidemic_rule where code = 'COVID' and ${inForceOn(weekEnd)}`,
  );
  const [meanWeeks, ratePer] = rows[0] ?? ['4', '100000'];
  return { meanWeeks: Number(meanWeeks), ratePer: Number(ratePer) };
}
