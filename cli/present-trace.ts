import type { Json } from '../core/json.ts';
import type { Language } from '../core/localized.ts';
import { presentObject } from './present.ts';
import { inWords, member } from './reading.ts';

/** A trace to read: the verdict first, then definition, SQL, rows and batches. */
export function presentTrace(trace: Json, language: Language): string {
  const recomputed = inWords(member(trace, 'recomputed'), language);
  return `${verdict(member(trace, 'equal') === true, recomputed, language)}\n\n${presentObject(trace, language)}`;
}

function verdict(equal: boolean, recomputed: string, language: Language): string {
  if (language === 'vi') {
    return equal
      ? `✓ BẰNG NHAU: tính lại từ dữ liệu gốc ra đúng ${recomputed}.`
      : `✗ KHÔNG BẰNG: tính lại từ dữ liệu gốc ra ${recomputed}.`;
  }
  return equal
    ? `✓ EQUAL: recomputed from the landed data, it is ${recomputed}.`
    : `✗ NOT EQUAL: recomputed from the landed data, it is ${recomputed}.`;
}
