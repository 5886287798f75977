import { z } from 'zod';
import { literal } from '../../core/sql-text.ts';
import { inForceOn } from '../layout/in-force.ts';
import { legalBasisSchema, readLegalBases } from '../layout/legal-bases.ts';
import type { ReportContent, ReportContext } from '../report.ts';

/** Rows of biểu 1 and 2: departments and the like, local agencies, and what is in neither. */
export const AGENCY_GROUPS = ['provincial', 'local', 'other'] as const;
const agencyGroupSchema = z.enum(AGENCY_GROUPS);
export type AgencyGroup = z.infer<typeof agencyGroupSchema>;

const agencySchema = z
  .object({
    code: z.string(),
    name: z.string(),
    group: agencyGroupSchema,
    /** Listed even in a period without dossiers. */
    listed: z.boolean(),
  })
  .readonly();
export type Agency = z.infer<typeof agencySchema>;

const scoreGroupSchema = z
  .object({ code: z.string(), name_vi: z.string(), name_en: z.string() })
  .readonly();
export type ScoreGroup = z.infer<typeof scoreGroupSchema>;

const namesSchema = z
  .object({
    agencies: z.array(agencySchema).readonly(),
    scoreGroups: z.array(scoreGroupSchema).readonly(),
    legalBases: z.array(legalBasisSchema).readonly(),
  })
  .readonly();
export type ProcedureNames = z.infer<typeof namesSchema>;

/** The names as the computation wrote them. */
export function namesOf(content: ReportContent): ProcedureNames {
  return namesSchema.parse(content.names);
}

/** Reads agencies as of a day, groups of the index and legal bases in force at the period's end. */
export async function readNames(
  context: ReportContext,
  periodEnd: string,
): Promise<ProcedureNames> {
  return {
    agencies: await readAgencies(context),
    scoreGroups: await readScoreGroups(context, periodEnd),
    legalBases: await readLegalBases(context, ['public-services', 'reporting'], periodEnd),
  };
}

/** Levels of the national list of agencies (`Cap`). */
const GROUP_OF_LEVEL: Readonly<Record<string, AgencyGroup>> = {
  tinh: 'provincial',
  so: 'provincial',
  huyen: 'local',
  xa: 'local',
};

/** The newest entry of each agency; one no longer (or not yet) in force is named, but only listed with data. */
async function readAgencies({ select, areasAsOf }: ReportContext): Promise<readonly Agency[]> {
  const day = `date ${literal(areasAsOf)}`;
  const { rows } = await select(`select agency_code, agency_name, level,
  valid_from <= ${day} and coalesce(valid_to, date '9999-12-31') >= ${day} as in_force
from dim.agency
order by in_force, valid_from`);
  const agencies = rows.map(([code, name, level, inForce]): [string, Agency] => {
    const group = inForce === true ? (GROUP_OF_LEVEL[String(level)] ?? 'other') : 'other';
    const listed = inForce === true && level !== 'tinh';
    return [String(code), { code: String(code), name: String(name), group, listed }];
  });
  return [...new Map(agencies).values()];
}

async function readScoreGroups(
  { select }: ReportContext,
  day: string,
): Promise<readonly ScoreGroup[]> {
  const { rows } = await select(`select group_code, name_vi, name_en
from dim.score_weight
where ${inForceOn(day)}
order by position`);
  return rows.map(([code, vi, en]) => ({
    code: String(code),
    name_vi: String(vi),
    name_en: String(en),
  }));
}
