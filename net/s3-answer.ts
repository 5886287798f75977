import { SaxesParser } from 'saxes';
import { PhusaError } from '../core/errors.ts';

/** One object of a listing. */
export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
  readonly etag: string;
  readonly modifiedAt: string;
}

/** One page of a listing (`ListBucketResult`). */
export interface ListedPage {
  readonly objects: readonly ListedObject[];
  /** Undefined on the last page. */
  readonly next: string | undefined;
}

/** Elements of an answer: the root's name, and the texts of its leaves by their path below the root, in their order. */
interface Answer {
  readonly root: string;
  readonly leaves: readonly (readonly [path: string, text: string])[];
}

/**
 * Reads a page of `ListObjectsV2`. Throws what the server's error document says, also where it comes with HTTP 200,
 * and data `answer-not-understood` for anything else, such as a sign-in page.
 */
export function listedPage(text: string, place: string): ListedPage {
  const answer = parsed(text, place);
  if (answer.root === 'Error') throw s3Error(text, 200, place);
  if (answer.root !== 'ListBucketResult') throw notUnderstood(place);
  const first = (name: string) => answer.leaves.find(([path]) => path === name)?.[1];
  const next = first('NextContinuationToken');
  if (first('IsTruncated') === 'true' && (next ?? '') === '') throw notUnderstood(place);
  const plain = first('EncodingType') === 'url' ? decodedKey : (key: string) => key;
  return {
    next: first('IsTruncated') === 'true' ? next : undefined,
    objects: objectsOf(answer).map((object) => ({ ...object, key: plain(object.key) })),
  };
}

/** What an error document says, as a grouped error; `status` decides where there is no document. */
export function s3Error(text: string, status: number, place: string): PhusaError {
  const { leaves } = quietly(text, place);
  const of = (name: string) => leaves.find(([path]) => path === name)?.[1];
  const code = of('Code') ?? `HTTP ${status}`;
  const known = troubles.find(({ codes }) => codes.includes(code)) ?? byStatus(status);
  const more = known.tells.flatMap((name) => {
    const value = of(name);
    return value === undefined ? [] : [`${name} ${value}`];
  });
  const told = [code, ...more].join(', ');
  return new PhusaError({
    group: known.group,
    code: known.code,
    message: { vi: `${known.vi} (${told}): ${place}`, en: `${known.en} (${told}): ${place}` },
    place: { file: place },
  });
}

interface Trouble {
  readonly codes: readonly string[];
  readonly group: PhusaError['group'];
  readonly code: string;
  readonly vi: string;
  readonly en: string;
  /** Members of the error document that help. */
  readonly tells: readonly string[];
}

const refused: Trouble = {
  codes: [
    'AccessDenied',
    'InvalidAccessKeyId',
    'SignatureDoesNotMatch',
    'ExpiredToken',
    'InvalidToken',
  ],
  group: 'fatal',
  code: 'access-refused',
  vi: 'Kho S3 từ chối quyền truy cập',
  en: 'The S3 store refuses access',
  tells: [],
};
const busy: Trouble = {
  codes: ['SlowDown', 'InternalError', 'ServiceUnavailable', 'RequestTimeout'],
  group: 'retriable',
  code: 'server-error',
  vi: 'Kho S3 đang bận hoặc lỗi',
  en: 'The S3 store is busy or ill',
  tells: [],
};
const missing: Trouble = {
  codes: ['NoSuchBucket', 'NoSuchKey', 'NoSuchVersion'],
  group: 'data',
  code: 'file-not-found',
  vi: 'Không tìm thấy trong kho S3',
  en: 'Not found in the S3 store',
  tells: ['BucketName', 'Key'],
};
const elsewhere: Trouble = {
  codes: ['PermanentRedirect', 'TemporaryRedirect', 'AuthorizationHeaderMalformed'],
  group: 'fatal',
  code: 's3-elsewhere',
  vi: 'Bucket ở vùng hoặc địa chỉ khác; sửa region, endpoint của nguồn',
  en: 'The bucket is in another region or at another address; mend region, endpoint of the source',
  tells: ['Region', 'Endpoint'],
};
const skewed: Trouble = {
  codes: ['RequestTimeTooSkewed'],
  group: 'fatal',
  code: 'clock-skew',
  vi: 'Đồng hồ máy này lệch so với kho S3; chỉnh lại giờ (NTP)',
  en: "This machine's clock differs from the S3 store's; set it (NTP)",
  tells: ['RequestTime', 'ServerTime'],
};
const changed: Trouble = {
  codes: ['PreconditionFailed', 'InvalidRange'],
  group: 'retriable',
  code: 'file-changing',
  vi: 'Tệp thay đổi trong lúc đọc, chưa lấy',
  en: 'The file changed while it was read and is not taken',
  tells: [],
};
const troubles: readonly Trouble[] = [refused, busy, missing, elsewhere, skewed, changed];
const other: Trouble = {
  codes: [],
  group: 'data',
  code: 'request-refused',
  vi: 'Kho S3 báo lỗi',
  en: 'The S3 store answered with an error',
  tells: [],
};

function byStatus(status: number): Trouble {
  if (status === 401 || status === 403) return refused;
  if (status === 404) return missing;
  if (status === 412 || status === 416) return changed;
  return status >= 300 && status < 400 ? elsewhere : other;
}

function objectsOf({ leaves }: Answer): readonly ListedObject[] {
  const objects: Record<string, string>[] = [];
  for (const [path, text] of leaves) {
    const name = /^Contents\/(\w+)$/.exec(path)?.[1];
    if (name === undefined) continue;
    if (name === 'Key') objects.push({});
    const last = objects.at(-1);
    if (last) last[name] = text;
  }
  return objects.map(({ Key = '', Size = '', ETag = '', LastModified = '' }) => ({
    key: Key,
    bytes: Number(Size),
    etag: ETag,
    modifiedAt: LastModified,
  }));
}

/** Keys come escaped, with a plus for a blank, so that XML can carry any of them. */
function decodedKey(key: string): string {
  return decodeURIComponent(key.replaceAll('+', ' '));
}

function parsed(text: string, place: string): Answer {
  try {
    return elements(text);
  } catch (cause) {
    throw cause instanceof PhusaError ? cause : notUnderstood(place, cause);
  }
}

function quietly(text: string, place: string): Answer {
  try {
    return parsed(text, place);
  } catch {
    return { root: '', leaves: [] };
  }
}

function elements(text: string): Answer {
  const parser = new SaxesParser();
  const open: string[] = [];
  const leaves: (readonly [string, string])[] = [];
  let root = '';
  let here = '';
  parser.on('doctype', () => {
    throw new TypeError('a document type is not accepted');
  });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name }) => {
    if (root === '') root = name;
    else open.push(name);
    if (open.length > 8) throw new TypeError('nested too deeply');
    here = '';
  });
  parser.on('text', (more) => {
    here += more;
  });
  parser.on('closetag', () => {
    if (open.length > 0) leaves.push([open.join('/'), here]);
    open.pop();
    here = '';
  });
  parser.write(text).close();
  return { root, leaves };
}

function notUnderstood(place: string, cause?: unknown): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'answer-not-understood',
    message: {
      vi: `Câu trả lời không phải của kho S3: ${place}`,
      en: `The answer is not one of an S3 store: ${place}`,
    },
    place: { file: place },
    ...(cause === undefined ? {} : { cause }),
  });
}
