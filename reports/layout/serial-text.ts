const ROMAN = ['I', 'II', 'III', 'IV', 'V'] as const;

/** Number of a group of rows or an annex: `I` to `V`. Throws RangeError beyond. */
export function roman(position: number): string {
  const numeral = ROMAN[position - 1];
  if (numeral === undefined) throw new RangeError(`no numeral for ${position}`);
  return numeral;
}
