import type { Localized } from '../../core/localized.ts';

/** A sum or product that should equal what the source wrote; NULL where there is nothing to compare. */
export interface Comparison {
  /** Column that holds the answer. */
  readonly name: string;
  readonly label: Localized;
  /** SQL of what was written and of what it should be. */
  readonly written: string;
  readonly due: string;
}

/**
 * What must hold inside one claim (domain rules of QĐ 130/2023 and 4750/2024), over the claim `c` and the sums `s` of its
 * drugs and services. A sum is NULL when a line of the claim was quarantined.
 */
export const claimComparisons: readonly Comparison[] = [
  compared(
    'insurer_part_matches',
    'T_BHTT = T_TONGCHI_BH − T_BNCCT',
    'c.insurer_part',
    'c.insured_total - c.patient_copayment',
  ),
  summed('hospital_total', 'T_TONGCHI_BV = Σ THANH_TIEN_BV', 'hospital_amount'),
  summed('insured_total', 'T_TONGCHI_BH = Σ THANH_TIEN_BH', 'insured_amount'),
  summed('patient_copayment', 'T_BNCCT = Σ T_BNCCT', 'patient_copayment'),
  summed('patient_own_part', 'T_BNTT = Σ T_BNTT', 'patient_own_part'),
  summed('other_sources', 'T_NGUONKHAC = Σ T_NGUONKHAC', 'other_sources'),
];

/** Amounts of the lines that are summed for {@link claimComparisons}. */
export const summedAmounts = [
  'hospital_amount',
  'insured_amount',
  'patient_copayment',
  'patient_own_part',
  'other_sources',
] as const;

/** Streams whose lines are summed. */
export const summedTables = ['claim_drug', 'claim_service'] as const;

/** What must hold inside one line `c` of a table. */
export const lineComparisons: Readonly<Record<string, readonly Comparison[]>> = {
  XML2: [
    compared(
      'hospital_amount_matches',
      'THANH_TIEN_BV = SO_LUONG × DON_GIA',
      'c.hospital_amount',
      'c.quantity * c.unit_price',
    ),
    compared(
      'insured_amount_matches',
      'THANH_TIEN_BH = SO_LUONG × DON_GIA × TYLE_TT_BH / 100',
      'c.insured_amount',
      'c.quantity * c.unit_price * (c.insured_percent * 0.01)',
    ),
  ],
  XML3: [
    compared(
      'hospital_amount_matches',
      'THANH_TIEN_BV = SO_LUONG × DON_GIA_BV',
      'c.hospital_amount',
      'c.quantity * c.hospital_price',
    ),
    compared(
      'insured_amount_matches',
      'THANH_TIEN_BH = SO_LUONG × DON_GIA_BH × TYLE_TT_BH / 100',
      'c.insured_amount',
      'c.quantity * c.insured_price * (c.insured_percent * 0.01)',
    ),
  ],
};

/** SQL of a comparison's answer; amounts may differ by rounding of up to `tolerance` đồng. */
export function comparisonSql({ name, written, due }: Comparison, tolerance: number): string {
  return `abs(${written} - try(${due})) <= ${tolerance}::decimal(18,2) as ${name}`;
}

function compared(name: string, rule: string, written: string, due: string): Comparison {
  return { name, label: { vi: `Khớp: ${rule}`, en: `Holds: ${rule}` }, written, due };
}

function summed(total: string, rule: string, amount: (typeof summedAmounts)[number]): Comparison {
  return compared(`${total}_matches`, rule, `c.${total}`, `s.${amount}`);
}
