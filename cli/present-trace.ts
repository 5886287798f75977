import type { Json } from '../core/json.ts';
import type { Language, Localized } from '../core/localized.ts';
import { presentObject } from './present.ts';
import { inWords, member } from './reading.ts';

/** A trace to read: the verdict first, then definition, SQL, rows and batches. A list of cells or a row has no verdict. */
export function presentTrace(trace: Json, language: Language): string {
  const equal = member(trace, 'equal');
  const recomputed = inWords(member(trace, 'recomputed'), language);
  return [
    ...(typeof equal === 'boolean' ? [verdict(equal, recomputed, language)] : []),
    ...(member(trace, 'intact') === false ? [ALTERED[language]] : []),
    presentObject(trace, language),
  ].join('\n\n');
}

const ALTERED: Localized = {
  vi: '✗ DỮ LIỆU GỐC ĐÃ BỊ SỬA: có tệp đã tiếp nhận không còn đúng mã băm (xem “intact”).',
  en: '✗ LANDED DATA ALTERED: some landed file no longer has its hash (see “intact”).',
};

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
