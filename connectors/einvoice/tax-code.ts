/** What a tax code (mã số thuế) is by its form and check digit. */
export type TaxCodeKind = 'enterprise' | 'branch' | 'personal' | 'invalid' | 'absent';

/** Weights of the first nine digits of a tax code. */
const weights = [31, 29, 23, 19, 17, 13, 7, 5, 3] as const;

/**
 * Whether the tenth digit checks: 10 − (weighted sum mod 11); no code exists where that gives 10.
 * @param digits - at least ten decimal digits
 */
export function checkDigitHolds(digits: string): boolean {
  const sum = weights.reduce((total, weight, at) => total + weight * Number(digits[at]), 0);
  return 10 - (sum % 11) === Number(digits[9]);
}

/**
 * The form under which a code is stored: without spaces, a branch with its dash (`0100109106-001`).
 * Anything else stays as it came.
 */
export function normalTaxCode(text: string): string {
  const packed = text.replace(/[\s.]/g, '');
  const branch = /^(\d{10})-?(\d{3})$/.exec(packed);
  return branch ? `${branch[1] ?? ''}-${branch[2] ?? ''}` : packed;
}

/**
 * The kind of a code: 10 digits or 10-3 with a holding check digit; 12 digits are a person's identification
 * number (NĐ 254/2026/NĐ-CP Điều 10), which has no check digit and is personal data.
 */
export function taxCodeKind(text: string | undefined): TaxCodeKind {
  const code = normalTaxCode(text ?? '');
  if (code === '') return 'absent';
  if (/^\d{12}$/.test(code)) return 'personal';
  if (/^\d{10}$/.test(code)) return checkDigitHolds(code) ? 'enterprise' : 'invalid';
  if (/^\d{10}-\d{3}$/.test(code)) return checkDigitHolds(code) ? 'branch' : 'invalid';
  return 'invalid';
}
