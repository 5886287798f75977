import { X509Certificate } from 'node:crypto';
import { addressRefused, decodedPart, type AddressForm } from './file-address.ts';
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
  /** PEM of the certificate authority that the store's certificate has to come from, instead of the system's. */
  readonly authority: string | undefined;
  /** ETag that an object had when it was listed. */
  readonly etag: string | undefined;
  readonly given: URL;
}

/** Whether an address is one of S3. */
export function isS3(address: string): boolean {
  return /^s3:/i.test(address);
}

/**
 * Reads `s3://bucket/prefix?endpoint=https://host[:port][&region=…][&style=path|host][&accessKey=…][&unfinished=…][&authority=…]`, the
 * last one a PEM file in Base64 (`base64 -w0 ca.pem`).
 * Without an endpoint it is the one of Amazon in the region. Throws fatal `s3-address-invalid`.
 */
export function s3Address(text: string): S3Address {
  if (!isS3(text) || !URL.canParse(text))
    throw addressRefused(s3Form, 'cần / needs s3://bucket/prefix?endpoint=…');
  const given = new URL(text);
  const { searchParams: more, host: bucket } = given;
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket))
    throw addressRefused(s3Form, 'tên bucket / bucket name');
  if (given.username !== '' || more.has('secretKey'))
    throw addressRefused(s3Form, 'không ghi khóa bí mật vào địa chỉ / no secret in it');
  const region = more.get('region') ?? 'us-east-1';
  return {
    bucket,
    key: decodedPart(s3Form, given.pathname.replace(/^\//, ''), 'tiền tố / prefix'),
    bucketUrl: bucketUrl(bucket, region, more.get('endpoint'), more.get('style')),
    region,
    accessKey: more.get('accessKey') ?? undefined,
    unfinished: unfinishedEnds(more.getAll('unfinished')),
    authority: authorityOf(more.get('authority')),
    etag: more.get('etag') ?? undefined,
    given,
  };
}

/** The address of an object as it was listed. */
export function s3Object({ given }: S3Address, key: string, etag: string): string {
  const object = new URL(given);
  object.pathname = `/${keyPath(key)}`;
  object.searchParams.set('etag', etag);
  object.searchParams.delete('authority');
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
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) throw addressRefused(s3Form, 'endpoint');
  const url = new URL(text);
  const path = url.pathname.replace(/\/+$/, '');
  if (style === 'host' || (style === null && endpoint === null)) {
    url.hostname = `${bucket}.${url.hostname}`;
    url.pathname = `${path}/`;
  } else url.pathname = `${path}/${bucket}/`;
  return url;
}

/** The PEM in Base64; a plus is read as a blank in a query. */
function authorityOf(text: string | null): string | undefined {
  if (text === null) return undefined;
  const pem = Buffer.from(text.replaceAll(' ', '+'), 'base64').toString();
  try {
    new X509Certificate(pem);
  } catch {
    throw addressRefused(s3Form, 'authority');
  }
  return pem;
}

const s3Form: AddressForm = {
  name: 'S3',
  form: {
    vi: 's3://bucket/tiền-tố/?endpoint=https://máy-chủ&accessKey=…',
    en: 's3://bucket/prefix/?endpoint=https://host&accessKey=…',
  },
};
