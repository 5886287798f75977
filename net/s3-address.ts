import { PhusaError } from '../core/errors.ts';
import { unfinishedEnds } from './file-name-ends.ts';

/** A prefix or object of an S3 bucket, as its address says. */
export interface S3Address {
  readonly bucket: string;
  /** Key, or what all keys begin with; without a leading slash. */
  readonly key: string;
  /** Where requests go: the endpoint, with the bucket in its path or in its host name. */
  readonly bucketUrl: URL;
  readonly region: string;
  /** Public half of the credentials; the secret is `s3SecretKey`. Absent: requests are not signed. */
  readonly accessKey: string | undefined;
  readonly unfinished: readonly string[];
  /** ETag that an object had when it was listed. */
  readonly etag: string | undefined;
  readonly given: URL;
}

/** Whether an address is one of S3. */
export function isS3(address: string): boolean {
  return /^s3:/i.test(address);
}

/**
 * Reads `s3://bucket/prefix?endpoint=https://host[:port][&region=…][&style=path|host][&accessKey=…][&unfinished=…]`.
 * Without an endpoint it is the one of Amazon in the region. Throws fatal `s3-address-invalid`.
 */
export function s3Address(text: string): S3Address {
  if (!isS3(text) || !URL.canParse(text))
    throw invalid('cần / needs s3://bucket/prefix?endpoint=…');
  const given = new URL(text);
  const { searchParams: more, host: bucket } = given;
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) throw invalid('tên bucket / bucket name');
  if (given.username !== '' || more.has('secretKey'))
    throw invalid('không ghi khóa bí mật vào địa chỉ / no secret in it');
  const region = more.get('region') ?? 'us-east-1';
  return {
    bucket,
    key: decoded(given.pathname.replace(/^\//, '')),
    bucketUrl: bucketUrl(bucket, region, more.get('endpoint'), more.get('style')),
    region,
    accessKey: more.get('accessKey') ?? undefined,
    unfinished: unfinishedEnds(more.getAll('unfinished')),
    etag: more.get('etag') ?? undefined,
    given,
  };
}

/** The address of an object as it was listed. */
export function s3Object({ given }: S3Address, key: string, etag: string): string {
  const object = new URL(given);
  object.pathname = `/${keyPath(key)}`;
  object.searchParams.set('etag', etag);
  return object.href;
}

/** A key as a URL's path: everything but slashes and unreserved characters escaped, as signatures want it. */
export function keyPath(key: string): string {
  return key.split('/').map(escaped).join('/');
}

/** RFC 3986: `encodeURIComponent` leaves five characters that signatures escape. */
function escaped(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function bucketUrl(
  bucket: string,
  region: string,
  endpoint: string | null,
  style: string | null,
): URL {
  const text = endpoint ?? `https://s3.${region}.amazonaws.com`;
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) throw invalid('endpoint');
  const url = new URL(text);
  const path = url.pathname.replace(/\/+$/, '');
  if (style === 'host' || (style === null && endpoint === null)) {
    url.hostname = `${bucket}.${url.hostname}`;
    url.pathname = `${path}/`;
  } else url.pathname = `${path}/${bucket}/`;
  return url;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw invalid('tiền tố / prefix');
  }
}

function invalid(why: string): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 's3-address-invalid',
    message: { vi: `Địa chỉ S3 chưa đúng: ${why}`, en: `The S3 address is not right: ${why}` },
    remedy: {
      vi: 'Dạng: s3://bucket/tiền-tố/?endpoint=https://máy-chủ&accessKey=…',
      en: 'Form: s3://bucket/prefix/?endpoint=https://host&accessKey=…',
    },
    place: { field: 'base' },
  });
}
