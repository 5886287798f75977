import { PhusaError, type ErrorGroup } from '../core/errors.ts';
import type { Localized } from '../core/localized.ts';

/** The server is busy and perhaps said for how long. */
export class ServerBusyError extends PhusaError {
  /** Milliseconds the server asked to wait, where it did. */
  readonly retryAfterMs: number | undefined;

  constructor(status: number, url: string, retryAfterMs: number | undefined) {
    super(
      parts('retriable', status === 429 ? 'rate-limited' : 'server-error', url, {
        vi: `Máy chủ trả mã ${status}`,
        en: `The server answered ${status}`,
      }),
    );
    this.retryAfterMs = retryAfterMs;
  }
}

/** Turns what the HTTP stack throws into a grouped error; `url` has its secrets removed already. */
export function transportError(cause: unknown, url: string): PhusaError {
  if (cause instanceof PhusaError) return cause;
  const code = codeOf(cause);
  const [group, ours, message] = explain(code);
  return new PhusaError({ ...parts(group, ours, url, message), cause });
}

/** A status that is an error of this request, not of the moment. */
export function statusError(status: number, url: string): PhusaError {
  if (status >= 300 && status < 400)
    return new PhusaError(parts('data', 'redirect-refused', url, redirected));
  if (status === 401 || status === 403) {
    return new PhusaError(
      parts('fatal', 'access-refused', url, {
        vi: `Nguồn từ chối quyền truy cập (${status})`,
        en: `The source refuses access (${status})`,
      }),
    );
  }
  return new PhusaError(
    parts('data', status === 404 ? 'not-found' : 'request-refused', url, {
      vi: `Nguồn trả mã ${status}`,
      en: `The source answered ${status}`,
    }),
  );
}

/** A time limit ran out; `what` names it. */
export function timeoutError(
  what: 'headers' | 'idle' | 'total',
  ms: number,
  url: string,
): PhusaError {
  return new PhusaError(
    parts('retriable', `timeout-${what}`, url, {
      vi: `Quá thời hạn ${ms} ms (${timeoutNames[what].vi})`,
      en: `No answer within ${ms} ms (${timeoutNames[what].en})`,
    }),
  );
}

/** More bytes than `most`, before or after decompression. */
export function tooLargeError(most: number, url: string): PhusaError {
  return new PhusaError(
    parts('data', 'answer-too-large', url, {
      vi: `Dữ liệu trả về lớn hơn giới hạn ${most} byte`,
      en: `The answer is larger than the limit of ${most} bytes`,
    }),
  );
}

/** A body that is not as long as its Content-Length says: shorter (broken off) or longer. */
export function wrongLengthError(declared: number, came: number, url: string): PhusaError {
  return new PhusaError(
    came < declared
      ? parts('retriable', 'answer-short', url, {
          vi: `Dữ liệu ngắn hơn độ dài nguồn khai: nhận ${came} trên ${declared} byte`,
          en: `The answer is shorter than it declares: ${came} of ${declared} bytes came`,
        })
      : parts('retriable', 'answer-long', url, {
          vi: `Dữ liệu dài hơn độ dài nguồn khai: nhận ${came} byte, khai ${declared} byte`,
          en: `The answer is longer than it declares: ${came} bytes came, ${declared} were declared`,
        }),
  );
}

/** The run has used up its requests. */
export function tooManyRequestsError(most: number, url: string): PhusaError {
  return new PhusaError(
    parts('fatal', 'request-limit', url, {
      vi: `Lượt đọc đã dùng hết ${most} yêu cầu được phép`,
      en: `The run has used all of its ${most} requests`,
    }),
  );
}

/** The source sends from one address to the next more often than declared. */
export function tooManyRedirects(hops: number, url: string): PhusaError {
  return new PhusaError(
    parts('data', 'redirect-limit', url, {
      vi: `Nguồn chuyển hướng quá ${hops} lần`,
      en: `The source redirects more than ${hops} times`,
    }),
  );
}

/** A listing whose next page is one that was there already: it would never end. */
export function answerRepeats(url: string): PhusaError {
  return new PhusaError(
    parts('data', 'pages-repeat', url, {
      vi: 'Danh sách lặp lại trang cũ, không có điểm dừng',
      en: 'The listing repeats a page and would never end',
    }),
  );
}

/** The source was down again and again: it is left alone for a while. */
export function suspendedError(url: string): PhusaError {
  return new PhusaError(
    parts('retriable', 'source-suspended', url, {
      vi: 'Nguồn hỏng nhiều lần liên tiếp, tạm ngừng hỏi',
      en: 'The source failed again and again and is left alone for a while',
    }),
  );
}

/** The run was cancelled. */
export function cancelledError(url: string): PhusaError {
  return new PhusaError(
    parts('fatal', 'cancelled', url, {
      vi: 'Lượt đọc đã bị hủy',
      en: 'The run was cancelled',
    }),
  );
}

/** A header that a caller may not set, or that carries a line break. */
export function headerRefused(name: string): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'header-refused',
    message: { vi: `Tiêu đề HTTP không hợp lệ: ${name}`, en: `HTTP header not permitted: ${name}` },
    place: { field: name },
  });
}

const redirected: Localized = {
  vi: 'Nguồn chuyển hướng sang địa chỉ khác; chuyển hướng không được đi theo',
  en: 'The source redirects elsewhere; redirects are not followed',
};

const timeoutNames = {
  headers: { vi: 'chờ tiêu đề', en: 'headers' },
  idle: { vi: 'không có dữ liệu mới', en: 'no new data' },
  total: { vi: 'toàn bộ yêu cầu', en: 'the whole request' },
} satisfies Record<string, Localized>;

type Explained = readonly [ErrorGroup, string, Localized];

const unreachable: Explained = [
  'retriable',
  'unreachable',
  { vi: 'Không kết nối được tới nguồn', en: 'The source cannot be reached' },
];
const broken: Explained = [
  'retriable',
  'connection-broken',
  { vi: 'Kết nối bị ngắt giữa chừng', en: 'The connection broke off' },
];
const malformed: Explained = [
  'retriable',
  'answer-malformed',
  { vi: 'Trả lời không đúng giao thức HTTP', en: 'The answer is not valid HTTP' },
];
const cutCompression: Explained = [
  'retriable',
  'answer-truncated',
  { vi: 'Dữ liệu nén bị cắt cụt', en: 'The compressed answer is cut off' },
];
const wrongEncoding: Explained = [
  'data',
  'answer-encoding',
  { vi: 'Dữ liệu không đúng cách nén đã khai', en: 'The answer is not compressed as it says' },
];
const tls: Explained = [
  'fatal',
  'tls-refused',
  { vi: 'Chứng thư hoặc bắt tay TLS không hợp lệ', en: 'Invalid TLS certificate or handshake' },
];

/** How the codes of Node, OpenSSL, zlib, llhttp and undici are understood; the first match counts. */
const understood: readonly (readonly [RegExp, Explained])[] = [
  [
    /^(ENOTFOUND|EAI_|ECONNREFUSED|EHOST|ENET|ETIMEDOUT|EADDR|UND_ERR_CONNECT_TIMEOUT)/,
    unreachable,
  ],
  [
    /^(CERT_|INVALID_|PATH_LENGTH_|CRL_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|ERR_TLS|ERR_SSL|EPROTO|HOSTNAME_)/,
    tls,
  ],
  [/^Z_BUF_ERROR/, cutCompression],
  [/^(Z_|ERR_BROTLI|ERR__ERROR_|ERR_PADDING)/, wrongEncoding],
  [/^(HPE_|UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES)/, malformed],
];

function explain(code: string): Explained {
  return understood.find(([pattern]) => pattern.test(code))?.[1] ?? broken;
}

function codeOf(cause: unknown): string {
  if (cause instanceof AggregateError) return codeOf(cause.errors[0]);
  if (!(cause instanceof Error)) return '';
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
}

function parts(group: ErrorGroup, code: string, url: string, message: Localized) {
  const remedy = remedies[group];
  return {
    group,
    code,
    place: { value: url },
    message: withUrl(message, url),
    ...(remedy ? { remedy } : {}),
  };
}

function withUrl(message: Localized, url: string): Localized {
  return { vi: `${message.vi}: ${url}`, en: `${message.en}: ${url}` };
}

const remedies: Partial<Record<ErrorGroup, Localized>> = {
  retriable: {
    vi: 'Chạy lại sau; nếu còn lặp lại, hỏi đơn vị vận hành nguồn.',
    en: 'Run again later; if it keeps happening, ask the people who run the source.',
  },
  fatal: {
    vi: 'Kiểm tra cấu hình, tài khoản và chứng thư của nguồn.',
    en: 'Check the configuration, account and certificate of the source.',
  },
  data: {
    vi: 'Xem bản ghi nhận của lượt đọc và báo cho đơn vị cung cấp dữ liệu.',
    en: 'Look at the receipt of this read and tell the people who provide the data.',
  },
};
