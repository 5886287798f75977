import { PhusaError } from '../../core/errors.ts';
import type { Localized } from '../../core/localized.ts';
import { transportError } from '../../net/transport-errors.ts';

type Known = readonly [codes: RegExp, group: PhusaError['group'], code: string, message: Localized];

/** SQLSTATE of PostgreSQL, names of MySQL and MariaDB, and what each means for us. */
const known: readonly Known[] = [
  [
    /^(28\w{3}|ER_ACCESS_DENIED_ERROR|ER_DBACCESS_DENIED_ERROR|ELOGIN|ER_ACCOUNT_HAS_BEEN_LOCKED)$/,
    'fatal',
    'access-refused',
    { vi: 'Cơ sở dữ liệu từ chối tài khoản', en: 'The database refuses the account' },
  ],
  [
    /^(42501|ER_TABLEACCESS_DENIED_ERROR|ER_COLUMNACCESS_DENIED_ERROR|ER_SPECIFIC_ACCESS_DENIED_ERROR)$/,
    'fatal',
    'access-refused',
    { vi: 'Tài khoản không được đọc bảng này', en: 'The account may not read this table' },
  ],
  [
    /^(42P01|3F000|3D000|ER_NO_SUCH_TABLE|ER_BAD_DB_ERROR)$/,
    'data',
    'table-missing',
    { vi: 'Không có bảng hoặc cơ sở dữ liệu', en: 'No such table or database' },
  ],
  [
    /^(42703|ER_BAD_FIELD_ERROR)$/,
    'data',
    'column-missing',
    { vi: 'Không có cột đã khai', en: 'A declared column is not there' },
  ],
  [
    /^(42601|42\w{3}|ER_PARSE_ERROR|22\w{3}|ER_WRONG_\w+)$/,
    'data',
    'query-refused',
    { vi: 'Cơ sở dữ liệu không hiểu câu SELECT', en: 'The database refuses the SELECT' },
  ],
  [
    /^(25006|ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION)$/,
    'fatal',
    'query-writes',
    { vi: 'Câu lệnh định ghi vào nguồn', en: 'The statement would write to the source' },
  ],
  [
    /^(57014|ER_QUERY_TIMEOUT|ER_STATEMENT_TIMEOUT|ER_QUERY_INTERRUPTED|ETIMEOUT|E1969)$/,
    'retriable',
    'statement-timeout',
    { vi: 'Câu lệnh quá thời hạn', en: 'The statement took too long' },
  ],
  [
    /^(53\w{3}|57P\w{2}|40\w{3}|55\w{3}|ER_CON_COUNT_ERROR|ER_LOCK_\w+|ER_SERVER_SHUTDOWN|ER_TOO_MANY_USER_CONNECTIONS)$/,
    'retriable',
    'server-error',
    { vi: 'Cơ sở dữ liệu đang bận hoặc tắt', en: 'The database is busy or shutting down' },
  ],
  [
    /^(HANDSHAKE_NO_SSL_SUPPORT|HANDSHAKE_SSL_ERROR|ESOCKET)$/,
    'fatal',
    'tls',
    { vi: 'Không lập được kết nối TLS', en: 'No TLS connection could be made' },
  ],
];

/** Turns what a driver throws into a grouped error. Its words are not repeated: they hold statements and values. */
export function databaseTrouble(cause: unknown, where: string): PhusaError {
  if (cause instanceof PhusaError) return cause;
  const code = codeOf(cause);
  const found = known.find(([codes]) => codes.test(code));
  if (found === undefined) return unknownTrouble(cause, where);
  const [, group, ours, message] = found;
  return trouble(group, ours, message, `${where} (${code})`);
}

/** The driver of SQL Server is not part of the product. */
export function driverMissing(name: string): PhusaError {
  return trouble(
    'fatal',
    'driver-missing',
    { vi: 'Chưa cài trình điều khiển cơ sở dữ liệu', en: 'The database driver is not installed' },
    `npm install ${name}`,
  );
}

/** The connection of a snapshot broke: another one would see another state. */
export function snapshotLost(where: string): PhusaError {
  return trouble(
    'retriable',
    'connection-broken',
    { vi: 'Kết nối bị ngắt giữa chừng', en: 'The connection broke off' },
    where,
  );
}

/** A statement whose answer is not what was asked for. */
export function answerWrong(where: string): PhusaError {
  return trouble(
    'data',
    'source-error',
    { vi: 'Cơ sở dữ liệu trả lời không đúng', en: 'The database answered wrongly' },
    where,
  );
}

function unknownTrouble(cause: unknown, where: string): PhusaError {
  const text = cause instanceof Error ? cause.message : '';
  if (/does not support SSL|no SSL|SSL connection/i.test(text)) {
    const message = { vi: 'Máy chủ không nhận TLS', en: 'The server does not accept TLS' };
    return trouble('fatal', 'tls', message, where);
  }
  const isAltName = codeOf(cause) === 'ERR_TLS_CERT_ALTNAME_INVALID' || /altname/i.test(text);
  if (isAltName || /certificate/i.test(text)) {
    const message = {
      vi: 'Chứng thư của máy chủ không hợp lệ',
      en: "The server's certificate is not valid",
    };
    return trouble('fatal', 'tls', message, where);
  }
  // the driver's own error may quote statements and values: only its code goes along
  const bare = Object.assign(new Error('database'), { code: codeOf(cause) });
  return transportError(bare, where);
}

/** SQLSTATE, the driver's name of an error, or its number where the driver has no name for it. */
function codeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return '';
  if ('code' in cause && typeof cause.code === 'string') return cause.code;
  return 'errno' in cause ? `E${String(cause.errno)}` : '';
}

function trouble(
  group: PhusaError['group'],
  code: string,
  message: Localized,
  where: string,
): PhusaError {
  return new PhusaError({
    group,
    code,
    message: { vi: `${message.vi}: ${where}`, en: `${message.en}: ${where}` },
    place: { value: where },
  });
}
