import { z } from 'zod';
import type { Language } from '../../core/localized.ts';
import { literal } from '../../core/sql-text.ts';
import { longDate } from '../../render/date-format.ts';
import { inForceOn } from './in-force.ts';
import { lowerFirst } from './letter-case.ts';
import type { ReportContext } from '../report.ts';

/** A decree, decision, circular or law in force. */
export const legalBasisSchema = z
  .object({
    number: z.string(),
    /** Null where the day of issue is not known: it is then left out, never guessed. */
    issued_on: z.iso.date().nullable(),
    title_vi: z.string(),
    title_en: z.string(),
  })
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
    rows.map(([number, issuedOn, vi, en]) => ({
      number: String(number),
      issued_on: issuedOn === null ? null : String(issuedOn),
      title_vi: String(vi),
      title_en: String(en),
    })),
  );
}

function basesSql(domain: string, day: string): string {
  return `select number, issued_on, title_vi, title_en
from dim.legal_basis
where domain = ${literal(domain)} and ${inForceOn(day)}
order by valid_from, code`;
}

/** Lines of the heading: `Căn cứ Quyết định số 766/QĐ-TTg ngày 23 tháng 6 năm 2022 của Thủ tướng Chính phủ về …;`. */
export function legalBasisLines(
  bases: readonly LegalBasis[],
  language: Language,
): readonly string[] {
  return bases.map((basis, index) => {
    const end = index === bases.length - 1 ? '.' : ';';
    const words = language === 'vi' ? vietnamese(basis) : english(basis);
    return `${words}${end}`;
  });
}

function vietnamese({ number, issued_on, title_vi }: LegalBasis): string {
  const { type, issuer } = kindOf(number);
  const day = issued_on === null ? '' : ` ${longDate(issued_on, 'vi')}`;
  const by = issuer === undefined ? '' : ` của ${issuer}`;
  return `Căn cứ ${type} số ${number}${day}${by} về ${lowerFirst(title_vi)}`;
}

function english({ number, issued_on, title_en }: LegalBasis): string {
  const day = issued_on === null ? '' : ` of ${longDate(issued_on, 'en')}`;
  return `Pursuant to ${number}${day}: ${title_en}`;
}

interface DocumentKind {
  readonly type: string;
  readonly issuer?: string;
}

/** Kinds of document and who issues them, by what follows the number (NĐ 30/2020/NĐ-CP, Annex III). */
const KINDS: readonly (readonly [RegExp, DocumentKind])[] = [
  [/\/NĐ-CP$/, { type: 'Nghị định', issuer: 'Chính phủ' }],
  [/\/QĐ-TTg$/, { type: 'Quyết định', issuer: 'Thủ tướng Chính phủ' }],
  [/\/TT-BTC$/, { type: 'Thông tư', issuer: 'Bộ trưởng Bộ Tài chính' }],
  [/\/TT-BYT$/, { type: 'Thông tư', issuer: 'Bộ trưởng Bộ Y tế' }],
  [/\/NĐ-/, { type: 'Nghị định' }],
  [/\/QĐ-/, { type: 'Quyết định' }],
  [/\/TT-/, { type: 'Thông tư' }],
  [/\/NQ-/, { type: 'Nghị quyết' }],
  [/\/QH\d/, { type: 'Luật, nghị quyết' }],
];

function kindOf(number: string): DocumentKind {
  return KINDS.find(([pattern]) => pattern.test(number))?.[1] ?? { type: 'Văn bản' };
}
