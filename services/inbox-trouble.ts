import { PhusaError, type ErrorGroup } from '../core/errors.ts';
import type { Localized } from '../core/localized.ts';

const words = {
  'source-without-inbox': [
    'data',
    'Nguồn này không nhận tệp gửi tới (base không phải inbox:)',
    'This source takes no files (its base is not inbox:)',
  ],
  'file-name-invalid': ['data', 'Tên tệp không dùng được', 'The file name cannot be used'],
  'upload-offset-wrong': [
    'data',
    'Phần gửi không nối tiếp; gửi tiếp từ byte',
    'This part does not follow; go on at byte',
  ],
  'upload-digest-wrong': [
    'data',
    'Tệp nhận được không khớp SHA-256 đã khai; hãy gửi lại từ đầu',
    'What came does not match the declared SHA-256; send it again from the start',
  ],
  'upload-too-large': [
    'data',
    'Tệp lớn hơn giới hạn (byte)',
    'The file is larger than the limit (bytes)',
  ],
  'inbox-full': ['retriable', 'Hộp nhận của nguồn đã đầy', "The source's inbox is full"],
  'push-refused': [
    'data',
    'Chữ ký hoặc mã truy cập của lượt đẩy không hợp lệ',
    'The token or signature of the push is not valid',
  ],
  'push-rate-limited': [
    'retriable',
    'Đẩy quá nhiều lượt trong một phút',
    'Too many pushes in a minute',
  ],
  'push-too-large': [
    'data',
    'Nội dung đẩy lớn hơn giới hạn (byte)',
    'The body of the push is larger than the limit (bytes)',
  ],
  'push-key-reused': [
    'data',
    'Idempotency-Key này đã dùng cho nội dung khác',
    'This Idempotency-Key was used for another body',
  ],
} as const satisfies Record<string, readonly [ErrorGroup, string, string]>;

/** Errors of sending files to a source; `detail` says which or how much. */
export function inboxTrouble(code: keyof typeof words, detail: string): PhusaError {
  const [group, vi, en] = words[code];
  const message: Localized = { vi: `${vi}: ${detail}`, en: `${en}: ${detail}` };
  return new PhusaError({ group, code, message, place: { value: detail } });
}
