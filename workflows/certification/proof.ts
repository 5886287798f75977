import type { JsonObject } from '../../core/json.ts';
import type { Localized } from '../../core/localized.ts';

/** The proofs a source is certified by, with what each shows. */
export const proofs = {
  volume: {
    vi: 'Đọc được dữ liệu, đủ như nguồn khai',
    en: 'Rows come, as many as the source declares',
  },
  contract: {
    vi: 'Đúng hợp đồng dữ liệu: cột, kiểu, tỉ lệ dòng bị loại',
    en: 'The contract is honoured: columns, types, share of rejected rows',
  },
  'key-unique': {
    vi: 'Khóa không trùng với giá trị khác nhau trong một lần đọc',
    en: 'No key has two different values in one reading',
  },
  'idempotent-read': {
    vi: 'Đọc lại không đổi gì',
    en: 'Reading again changes nothing',
  },
  'resume-after-kill': {
    vi: 'Bị ngắt ở bất kỳ điểm nào, đọc tiếp vẫn cho kết quả như đọc một mạch',
    en: 'Broken off anywhere and resumed, the result is that of reading at once',
  },
  'cursor-monotone': {
    vi: 'Con trỏ không lùi',
    en: 'The cursor never goes back',
  },
  'late-row': {
    vi: 'Dòng đến muộn được đọc ở lần sau',
    en: 'A row that comes late is read by the next run',
  },
  'no-secret-leak': {
    vi: 'Bí mật không lọt vào dữ liệu gốc, nhật ký, thông báo',
    en: 'No secret in landed bytes, journal, log or errors',
  },
  deletes: {
    vi: 'Dòng bị xóa ở nguồn biến mất như đã khai',
    en: 'Rows that leave the source disappear as declared',
  },
} as const satisfies Record<string, Localized>;

/** A proof by its stable name. */
export type ProofName = keyof typeof proofs;

/** How one proof ended. */
export interface Proof {
  readonly proof: ProofName;
  readonly outcome: 'passed' | 'failed' | 'not-applicable';
  /** Why it failed or does not apply. */
  readonly reason: Localized | null;
  readonly figures: JsonObject;
}

/** A proof that holds. */
export function passed(proof: ProofName, figures: JsonObject = {}): Proof {
  return { proof, outcome: 'passed', reason: null, figures };
}

/** A proof that does not hold. */
export function failed(proof: ProofName, vi: string, en: string, figures: JsonObject = {}): Proof {
  return { proof, outcome: 'failed', reason: { vi, en }, figures };
}

/** A proof that has nothing to be about. */
export function notApplicable(proof: ProofName, vi: string, en: string): Proof {
  return { proof, outcome: 'not-applicable', reason: { vi, en }, figures: {} };
}
