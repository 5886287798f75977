import { PhusaError, type ErrorGroup } from '../../core/errors.ts';
import type { Localized } from '../../core/localized.ts';
import { engineError, wordsOf } from '../duckdb/engine-error.ts';

/** What a class of the server's error codes (SQLSTATE) means to the caller. */
interface Meaning {
  readonly states: RegExp;
  readonly group: ErrorGroup;
  readonly code: string;
  readonly message: Localized;
  readonly remedy: Localized;
}

const again: Localized = { vi: 'Thử lại thao tác.', en: 'Try the operation again.' };

const gone: Meaning = {
  states: /^(08|57P)/,
  group: 'retriable',
  code: 'warehouse-connection-gone',
  message: {
    vi: 'Không nối được với kho dữ liệu PostgreSQL',
    en: 'The PostgreSQL warehouse cannot be reached',
  },
  remedy: {
    vi: 'Kiểm tra máy chủ và DATABASE_URL, rồi thử lại.',
    en: 'Check the server and DATABASE_URL, then try again.',
  },
};

const meanings: readonly Meaning[] = [
  gone,
  {
    states: /^(40001|40P01|55P03)$/,
    group: 'retriable',
    code: 'warehouse-conflict',
    message: {
      vi: 'Hai giao dịch cùng sửa một bảng',
      en: 'Two transactions changed the same table',
    },
    remedy: again,
  },
  {
    states: /^53100$/,
    group: 'retriable',
    code: 'warehouse-disk-full',
    message: {
      vi: 'Hết chỗ trên đĩa của máy chủ PostgreSQL',
      en: 'No space left on the disk of the PostgreSQL server',
    },
    remedy: { vi: 'Giải phóng đĩa rồi chạy lại.', en: 'Free some disk space, then run it again.' },
  },
  {
    states: /^53[23]00$/,
    group: 'retriable',
    code: 'warehouse-busy',
    message: {
      vi: 'Máy chủ PostgreSQL hết bộ nhớ hoặc hết lượt kết nối',
      en: 'The PostgreSQL server is out of memory or of connections',
    },
    remedy: again,
  },
];

const failed: Meaning = {
  states: /./,
  group: 'data',
  code: 'sql-failed',
  message: { vi: 'Câu SQL không chạy được', en: 'The SQL could not be run' },
  remedy: { vi: 'Sửa câu SQL theo lời báo lỗi.', en: 'Correct the SQL as the message says.' },
};

/** Turns what the server, the connection or the local engine threw into a {@link PhusaError}; ours pass unchanged. */
export function serverError(error: unknown): PhusaError {
  if (error instanceof PhusaError) return error;
  const state = stateOf(error);
  if (state === undefined) return isUnreachable(error) ? told(gone, error) : engineError(error);
  return told(meanings.find(({ states }) => states.test(state)) ?? failed, error);
}

/** SQLSTATE of what the server refused. */
export function stateOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('severity' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && /^E[A-Z]+$/.test(String(error.code))) return true;
  return /^(Connection terminated|Client has encountered a connection error|timeout exceeded)/.test(
    error.message,
  );
}

function told({ group, code, message, remedy }: Meaning, cause: unknown): PhusaError {
  const words = wordsOf(cause);
  return new PhusaError({
    group,
    code,
    message: { vi: `${message.vi}: ${words}`, en: `${message.en}: ${words}` },
    remedy,
    cause,
  });
}
