import { createHash, createHmac } from 'node:crypto';
import { createServer as createSecureServer } from 'node:https';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What goes wrong; changed by tests while the server runs. */
export interface S3Faults {
  /** The connection is cut after so many bytes of an object, once for each number. */
  cutAfter?: number[];
  /** Objects change between listing and reading, or while they are read. */
  onObject?: (key: string, range: string | undefined) => void;
  /** An answer instead of the listing. */
  listing?: { readonly status: number; readonly body: string };
  /** The listing gives this continuation token on every page. */
  sameToken?: boolean;
  ignoresRange?: boolean;
  /** The store's clock, milliseconds ahead of ours. */
  clockAheadMs?: number;
  /** Statuses to answer before the right answer. */
  first?: number[];
}

/** A store on loopback that speaks the part of S3 that reading needs, checks signatures by itself, and keeps counts. */
export interface TestS3 {
  readonly endpoint: string;
  readonly objects: Map<string, Buffer>;
  readonly faults: S3Faults;
  readonly requests: {
    readonly path: string;
    readonly range: string | undefined;
    readonly host: string;
  }[];
  stop(): Promise<void>;
}

/** Starts a store with one bucket, `so-lieu`, and one account. */
export async function startS3(account: {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
  readonly pageSize?: number;
  /** Speaks TLS with this certificate, under this name. */
  readonly tls?: { readonly name: string; readonly cert: string; readonly key: string };
}): Promise<TestS3> {
  const objects = new Map<string, Buffer>();
  const faults: S3Faults = {};
  const requests: { path: string; range: string | undefined; host: string }[] = [];

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? '/', 'http://store');
    const { range, host = '' } = request.headers;
    requests.push({ path: url.pathname + url.search, range, host });
    const status = faults.first?.shift();
    if (status !== undefined) {
      refuse(response, status, 'SlowDown');
      return;
    }
    const wrong = wrongSignature(request, url, account, faults.clockAheadMs ?? 0);
    if (wrong) {
      refuse(response, 403, wrong.code, wrong.more);
      return;
    }
    const isHostStyle = host.startsWith('so-lieu.');
    const path = decodeURIComponent(url.pathname).replace(
      isHostStyle ? /^\// : /^\/so-lieu\/?/,
      '',
    );
    if (!isHostStyle && !url.pathname.startsWith('/so-lieu')) {
      refuse(response, 404, 'NoSuchBucket');
      return;
    }
    if (url.searchParams.get('list-type') === '2') list(url, response);
    else give(path, request, response);
  };
  const { tls } = account;
  const server = tls ? createSecureServer(tls, answer) : createServer(answer);

  function list(url: URL, response: ServerResponse): void {
    if (faults.listing)
      return void response.writeHead(faults.listing.status).end(faults.listing.body);
    const prefix = url.searchParams.get('prefix') ?? '';
    const after = url.searchParams.get('continuation-token');
    const keys = [...objects.keys()]
      .filter((key) => key.startsWith(prefix) && !key.slice(prefix.length).includes('/'))
      .sort();
    const start = after === null || faults.sameToken ? 0 : Number(after);
    const size = account.pageSize ?? 2;
    const page = keys.slice(start, start + size);
    const more = start + size < keys.length || faults.sameToken;
    const contents = page.map((key) => {
      const bytes = objects.get(key) ?? Buffer.alloc(0);
      return `<Contents><Key>${encodeURIComponent(key).replaceAll('%20', '+')}</Key><LastModified>2026-09-21T14:13:20.000Z</LastModified><ETag>&quot;${md5(bytes)}&quot;</ETag><Size>${bytes.byteLength}</Size></Contents>`;
    });
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end(
      `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>so-lieu</Name><EncodingType>url</EncodingType><IsTruncated>${more ? 'true' : 'false'}</IsTruncated>${more ? `<NextContinuationToken>${faults.sameToken ? 'x' : start + size}</NextContinuationToken>` : ''}${contents.join('')}</ListBucketResult>`,
    );
  }

  function give(key: string, request: IncomingMessage, response: ServerResponse): void {
    const { range } = request.headers;
    faults.onObject?.(key, range);
    const bytes = objects.get(key);
    if (!bytes) {
      refuse(response, 404, 'NoSuchKey', `<Key>${key}</Key>`);
      return;
    }
    const etag = `"${md5(bytes)}"`;
    const wanted = request.headers['if-match'];
    if (wanted !== undefined && wanted !== etag) {
      refuse(response, 412, 'PreconditionFailed');
      return;
    }
    const from = faults.ignoresRange ? 0 : Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    const isPart = from > 0;
    response.writeHead(isPart ? 206 : 200, {
      etag,
      'x-amz-version-id': `v-${etag.slice(1, 7)}`,
      'content-length': bytes.byteLength - from,
      ...(isPart
        ? { 'content-range': `bytes ${from}-${bytes.byteLength - 1}/${bytes.byteLength}` }
        : {}),
    });
    const cut = faults.cutAfter?.shift();
    if (cut === undefined) response.end(bytes.subarray(from));
    else response.write(bytes.subarray(from, from + cut), () => response.destroy());
  }

  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: tls ? `https://${tls.name}:${port}` : `http://127.0.0.1:${port}`,
    objects,
    faults,
    requests,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

function refuse(response: ServerResponse, status: number, code: string, more = ''): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(
    `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message>${more}</Error>`,
  );
}

/**
 * Signature Version 4 computed from its published description, sharing nothing with the signer under test: canonical
 * request, string to sign, derived key.
 */
function wrongSignature(
  request: IncomingMessage,
  url: URL,
  account: { readonly accessKey: string; readonly secretKey: string; readonly region: string },
  aheadMs: number,
): { readonly code: string; readonly more?: string } | undefined {
  const { authorization = '', 'x-amz-date': date } = request.headers;
  const found =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      authorization,
    );
  if (!found || typeof date !== 'string') return { code: 'AccessDenied' };
  const [, accessKey = '', day = '', region = '', names = '', signature = ''] = found;
  if (accessKey !== account.accessKey) return { code: 'InvalidAccessKeyId' };
  if (region !== account.region)
    return { code: 'AuthorizationHeaderMalformed', more: `<Region>${account.region}</Region>` };
  const told = Date.parse(
    date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
  );
  const now = Date.now() + aheadMs;
  if (Math.abs(now - told) > 900_000)
    return {
      code: 'RequestTimeTooSkewed',
      more: `<RequestTime>${date}</RequestTime><ServerTime>${new Date(now).toISOString()}</ServerTime>`,
    };
  const query = [...url.searchParams]
    .map(([name, value]) => `${escaped(name)}=${escaped(value)}`)
    .sort()
    .join('&');
  const headers = names
    .split(';')
    .map(
      (name) =>
        `${name}:${String(request.headers[name] ?? '')
          .trim()
          .replaceAll(/ +/g, ' ')}\n`,
    )
    .join('');
  if (!names.split(';').includes('host')) return { code: 'SignatureDoesNotMatch' };
  const payload = createHash('sha256').update('').digest('hex');
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  const canonical = ['GET', path, query, headers, names, payload].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = [
    'AWS4-HMAC-SHA256',
    date,
    scope,
    createHash('sha256').update(canonical).digest('hex'),
  ].join('\n');
  let key: Buffer = Buffer.from(`AWS4${account.secretKey}`);
  for (const part of [day, region, 's3', 'aws4_request'])
    key = createHmac('sha256', key).update(part).digest();
  const right = createHmac('sha256', key).update(text).digest('hex');
  return right === signature ? undefined : { code: 'SignatureDoesNotMatch' };
}

function escaped(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function md5(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('hex');
}
