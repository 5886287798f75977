import { PhusaError } from '../core/errors.ts';
import type { Localized } from '../core/localized.ts';

/** The file was written to while it was read: it is left for the next run. */
export function fileChanging(file: string): PhusaError {
  return fileTrouble('retriable', 'file-changing', file, {
    vi: 'Tệp thay đổi trong lúc đọc, chưa lấy',
    en: 'The file changed while it was read and is not taken',
  });
}

/** A file that is still being written by its name. */
export function fileUnfinished(file: string): PhusaError {
  return fileTrouble('data', 'file-unfinished', file, {
    vi: 'Tệp đang được ghi dở theo tên của nó',
    en: 'By its name the file is still being written',
  });
}

/** A path outside of the source's directory, or a link that leads there. */
export function pathRefused(path: string): PhusaError {
  return fileTrouble('fatal', 'path-refused', path, {
    vi: 'Đường dẫn nằm ngoài thư mục được phép',
    en: 'The path lies outside of the allowed directory',
  });
}

/** A file that is larger than what is taken from one source. */
export function fileTooLarge(file: string, most: number): PhusaError {
  return fileTrouble('data', 'file-too-large', file, {
    vi: `Tệp lớn hơn giới hạn ${most} byte`,
    en: `The file is larger than the limit of ${most} bytes`,
  });
}

/** A listing with more names than a source may have. */
export function listingTooLong(directory: string, most: number): PhusaError {
  return fileTrouble('data', 'listing-too-long', directory, {
    vi: `Danh sách có hơn ${most} tệp`,
    en: `The listing has more than ${most} names`,
  });
}

/** A file or directory that is not there. */
export function fileMissing(path: string): PhusaError {
  return fileTrouble('data', 'file-not-found', path, { vi: 'Không tìm thấy', en: 'Not found' });
}

/** A trouble with a file or the place it lies in. */
export function fileTrouble(
  group: PhusaError['group'],
  code: string,
  where: string,
  { vi, en }: Localized,
  cause?: unknown,
): PhusaError {
  return new PhusaError({
    group,
    code,
    message: { vi: `${vi}: ${where}`, en: `${en}: ${where}` },
    place: { file: where },
    ...(cause === undefined ? {} : { cause }),
  });
}
