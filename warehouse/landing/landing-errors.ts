import { PhusaError } from '../../core/errors.ts';

/** Landed bytes that are gone. */
export function objectMissing(sha256: string): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'landed-object-missing',
    message: {
      vi: `Vùng tiếp nhận không có dữ liệu gốc ${sha256}.`,
      en: `Landing holds no bytes ${sha256}.`,
    },
    remedy: {
      vi: 'Khôi phục vùng tiếp nhận từ bản sao lưu.',
      en: 'Restore the landing store from a backup.',
    },
    place: { value: sha256 },
  });
}

/** Landed bytes of another size than their receipt says. */
export function objectAltered(sha256: string, expected: number, found: number): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'landed-object-altered',
    message: {
      vi: `Dữ liệu gốc ${sha256} đã bị thay đổi: ${expected} byte lúc nhận, nay ${found} byte.`,
      en: `Landed bytes ${sha256} were altered: ${expected} bytes when received, ${found} now.`,
    },
    remedy: {
      vi: 'Khôi phục vùng tiếp nhận từ bản sao lưu, rồi chạy lại.',
      en: 'Restore the landing store from a backup, then run again.',
    },
    place: { value: sha256 },
  });
}

/** Landed bytes of the right size that no longer have their SHA-256 (L19). */
export function objectChanged(sha256: string): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'landed-object-altered',
    message: {
      vi: `Dữ liệu gốc ${sha256} đã bị thay đổi: nội dung không còn khớp SHA-256 lúc nhận.`,
      en: `Landed bytes ${sha256} were altered: they no longer have the SHA-256 they were received with.`,
    },
    remedy: {
      vi: 'Khôi phục vùng tiếp nhận từ bản sao lưu, rồi chạy lại.',
      en: 'Restore the landing store from a backup, then run again.',
    },
    place: { value: sha256 },
  });
}

/** A batch whose receipts are not (or no longer) there. */
export function batchMissing(batch: string, cause: unknown): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'landed-batch-missing',
    message: {
      vi: `Vùng tiếp nhận không có lô ${batch} đã niêm phong.`,
      en: `Landing holds no sealed batch ${batch}.`,
    },
    remedy: { vi: 'Đọc lại nguồn dữ liệu.', en: 'Read the source again.' },
    place: { batch },
    cause,
  });
}

/** A batch id that cannot name a directory. */
export function batchNameInvalid(batch: string): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'landed-batch-name-invalid',
    message: {
      vi: `Mã lô không hợp lệ: ${JSON.stringify(batch)}.`,
      en: `Not a batch id: ${JSON.stringify(batch)}.`,
    },
    remedy: {
      vi: 'Mã lô gồm chữ, số, dấu chấm, gạch ngang, gạch dưới; tối đa 200 ký tự.',
      en: 'Letters, digits, dot, hyphen and underscore; at most 200 characters.',
    },
    place: { batch },
  });
}
