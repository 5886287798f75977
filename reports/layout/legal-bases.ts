import { z } from 'zod';
import type { Language } from '../../core/localized.ts';
import { literal } from '../../core/sql-text.ts';
import { inForceOn } from './in-force.ts';
import type { ReportContext } from '../report.ts';

/** A decree, decision, circular or law in force. */
export const legalBasisSchema = z
  .object({ number: z.string(), title_vi: z.string(), title_en: z.string() })
  .readonly();
export type LegalBasis = z.infer<typeof legalBasisSchema>;

/** What is in force on a day in some domains of `dim.legal_basis`, in the order of the domains. */
export async function readLegalBases(
  { select }: Pick<ReportContext, 'select'>,
  domains: readonly string[],
  day: string,
): Promise<readonly LegalBasis[]> {
  const found = await Promise.all(domains.map((domain) => select(basesSql(domain, day))));
  return found.flatMap(({ rows }) =>
    rows.map(([number, vi, en]) => ({
      number: String(number),
      title_vi: String(vi),
      title_en: String(en),
    })),
  );
}

function basesSql(domain: string, day: string): string {
  return `select number, title_vi, title_en
from dim.legal_basis
where domain = ${literal(domain)} and ${inForceOn(day)}
order by valid_from, code`;
}

/** Lines of the heading: `Căn cứ Quyết định số 766/QĐ-TTg về …;`. */
export function legalBasisLines(
  bases: readonly LegalBasis[],
  language: Language,
): readonly string[] {
  return bases.map((basis, index) => {
    const end = index === bases.length - 1 ? '.' : ';';
    if (language === 'en') return `Pursuant to ${basis.number}: ${basis.title_en}${end}`;
    return `Căn cứ ${typeOf(basis.number)} số ${basis.number} về ${lowerFirst(basis.title_vi)}${end}`;
  });
}

/** Kinds of document by what follows the number (NĐ 30/2020/NĐ-CP, Annex III). */
const TYPES: readonly (readonly [RegExp, string])[] = [
  [/\/NĐ-/, 'Nghị định'],
  [/\/QĐ-/, 'Quyết định'],
  [/\/TT-/, 'Thông tư'],
  [/\/NQ-/, 'Nghị quyết'],
  [/\/QH\d/, 'Luật, nghị quyết'],
];

function typeOf(number: string): string {
  return TYPES.find(([pattern]) => pattern.test(number))?.[1] ?? 'Văn bản';
}

function lowerFirst(title: string): string {
  return title.charAt(0).toLocaleLowerCase('vi') + title.slice(1);
}
