import { usageError } from './usage-error.ts';

/** A count given on the command line. Throws PhusaError `wrong-usage`. */
export function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw usageError({
    vi: `“${text}” không phải số nguyên dương.`,
    en: `“${text}” is not a positive whole number.`,
  });
}
