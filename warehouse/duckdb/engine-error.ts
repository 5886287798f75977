import { PhusaError } from '../../core/errors.ts';

/** Whether the engine is dead until it is reopened (finding 3: it stays invalidated). */
export function isFatal(error: unknown): boolean {
  if (error instanceof PhusaError) return false;
  return /^(FATAL|INTERNAL) Error|database has been invalidated/.test(wordsOf(error));
}

/** The engine's own words. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Turns what the engine threw into a {@link PhusaError}; ours pass unchanged. */
export function engineError(error: unknown): PhusaError {
  if (error instanceof PhusaError) return error;
  const words = wordsOf(error);
  if (isFatal(error)) return reopened(words, error);
  if (/No space left|max_temp_directory_size/.test(words)) return diskFull(words, error);
  if (words.startsWith('Out of Memory')) return outOfMemory(words, error);
  if (words.startsWith('TransactionContext')) return conflict(words, error);
  if (isConnectionGone(words)) return connectionGone(words, error);
  return sqlFailed(words, error);
}

/** A connection that was closed under its statement, e.g. because the file was reopened: says nothing of the data. */
function isConnectionGone(words: string): boolean {
  return /^Connection Error|^([^:]*: )?connection (closed|disconnected)$/.test(words);
}

function connectionGone(words: string, cause: unknown): PhusaError {
  return new PhusaError({
    group: 'retriable',
    code: 'warehouse-connection-gone',
    message: {
      vi: `Kết nối với kho dữ liệu đã đóng giữa chừng: ${words}`,
      en: `The connection to the warehouse was closed meanwhile: ${words}`,
    },
    remedy: { vi: 'Thử lại thao tác.', en: 'Try the operation again.' },
    cause,
  });
}

function reopened(words: string, cause: unknown): PhusaError {
  return new PhusaError({
    group: 'retriable',
    code: 'warehouse-reopened',
    message: {
      vi: `Kho dữ liệu gặp lỗi nặng và đã được mở lại: ${words}`,
      en: `The warehouse met a fatal error and was reopened: ${words}`,
    },
    remedy: { vi: 'Thử lại thao tác.', en: 'Try the operation again.' },
    cause,
  });
}

function diskFull(words: string, cause: unknown): PhusaError {
  return new PhusaError({
    group: 'retriable',
    code: 'warehouse-disk-full',
    message: { vi: `Hết chỗ trên đĩa: ${words}`, en: `No space left on disk: ${words}` },
    remedy: { vi: 'Giải phóng đĩa rồi chạy lại.', en: 'Free some disk space, then run it again.' },
    cause,
  });
}

function outOfMemory(words: string, cause: unknown): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'warehouse-out-of-memory',
    message: {
      vi: `Truy vấn vượt giới hạn bộ nhớ: ${words}`,
      en: `The query exceeds the memory limit: ${words}`,
    },
    remedy: {
      vi: 'Thu hẹp truy vấn hoặc tăng giới hạn bộ nhớ của kho.',
      en: 'Narrow the query or raise the memory limit of the warehouse.',
    },
    cause,
  });
}

function conflict(words: string, cause: unknown): PhusaError {
  return new PhusaError({
    group: 'retriable',
    code: 'warehouse-conflict',
    message: {
      vi: `Hai giao dịch cùng sửa một bảng: ${words}`,
      en: `Two transactions changed the same table: ${words}`,
    },
    remedy: { vi: 'Thử lại thao tác.', en: 'Try the operation again.' },
    cause,
  });
}

function sqlFailed(words: string, cause: unknown): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'sql-failed',
    message: { vi: `Câu SQL không chạy được: ${words}`, en: `The SQL could not be run: ${words}` },
    remedy: { vi: 'Sửa câu SQL theo lời báo lỗi.', en: 'Correct the SQL as the message says.' },
    cause,
  });
}
