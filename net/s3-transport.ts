import type { JsonObject } from '../core/json.ts';
import { PhusaError } from '../core/errors.ts';
import { isUnfinished } from './file-name-ends.ts';
import type { FileAccess, FileEntry, FileLimits, FileTransport } from './file-transport.ts';
import type { HttpAnswer, HttpClient } from './http-client.ts';
import { keyPath, s3Address, s3Object, type S3Address } from './s3-address.ts';
import { listedPage, s3Error, type ListedObject } from './s3-answer.ts';
import { signedHeaders } from './s3-signature.ts';
import { backOffMs } from './retry.ts';
import { fileChanging, fileTooLarge, fileUnfinished, listingTooLong } from './file-trouble.ts';
import { answerRepeats, wrongLengthError } from './transport-errors.ts';

/** Statuses whose error document says more than the status. */
const explained = [301, 307, 400, 401, 403, 404, 412, 416];

/** Troubles of the connection, after which the rest is asked for. */
const ofTheConnection = new Set([
  'connection-broken',
  'answer-short',
  'timeout-idle',
  'unreachable',
]);

/**
 * Reads objects of an S3 bucket through the one HTTP client, so that its allow-list and caps hold here too. An object
 * is read as it was listed (`If-Match`); a broken connection is resumed at the byte where it broke off. Receipts keep
 * the ETag and the version.
 */
export class S3Transport implements FileTransport {
  private readonly access: FileAccess;
  private readonly http: HttpClient;
  private readonly limits: FileLimits;
  private readonly told = new WeakMap<object, Record<string, string>>();

  constructor(access: FileAccess, http: HttpClient, limits: FileLimits) {
    this.access = access;
    this.http = http;
    this.limits = limits;
  }

  async list(directory: string, pattern: RegExp): Promise<readonly FileEntry[]> {
    const address = s3Address(directory);
    const prefix =
      address.key === '' || address.key.endsWith('/') ? address.key : `${address.key}/`;
    const entries: FileEntry[] = [];
    for await (const { key, bytes, etag, modifiedAt } of this.objects(address, prefix)) {
      const name = key.slice(prefix.length);
      if (name === '' || !key.startsWith(prefix) || name.includes('/')) continue;
      if (!pattern.test(name) || isUnfinished(name, address.unfinished)) continue;
      entries.push({ name, path: s3Object(address, key, etag), bytes, modifiedAt });
      if (entries.length > this.limits.maxEntries)
        throw listingTooLong(placeOf(address), this.limits.maxEntries);
    }
    return entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  }

  open(path: string): AsyncIterable<Uint8Array> {
    const address = s3Address(path);
    const facts: Record<string, string> = {
      transport: 's3',
      bucket: address.bucket,
      key: address.key,
    };
    const bytes = this.bytes(address, facts);
    this.told.set(bytes, facts);
    return bytes;
  }

  facts(bytes: unknown): JsonObject | undefined {
    return typeof bytes === 'object' && bytes !== null ? this.told.get(bytes) : undefined;
  }

  private async *objects(address: S3Address, prefix: string): AsyncGenerator<ListedObject> {
    const seen = new Set<string>();
    for (let token: string | undefined, names = 0; ;) {
      const url = new URL(address.bucketUrl);
      const query = { 'list-type': '2', prefix, delimiter: '/', 'encoding-type': 'url' };
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
      if (token !== undefined) url.searchParams.set('continuation-token', token);
      const answer = await this.ask(address, url, {});
      const page = listedPage(await answer.text(), placeOf(address));
      yield* page.objects;
      names += page.objects.length;
      if (names > this.limits.maxEntries)
        throw listingTooLong(placeOf(address), this.limits.maxEntries);
      if (page.next === undefined) return;
      if (seen.has(page.next)) throw answerRepeats(placeOf(address));
      seen.add(page.next);
      token = page.next;
    }
  }

  private async *bytes(
    address: S3Address,
    facts: Record<string, string>,
  ): AsyncGenerator<Uint8Array> {
    if (isUnfinished(address.key, address.unfinished)) throw fileUnfinished(address.key);
    let etag = address.etag;
    let done = 0;
    let whole: number | undefined;
    for (let tried = 1; ; tried += 1) {
      try {
        const answer = await this.object(address, etag, done);
        etag ??= answer.headers['etag'];
        noteVersion(facts, answer);
        whole ??= lengthOf(answer);
        if (whole !== undefined && whole > this.limits.maxBytes)
          throw fileTooLarge(address.key, this.limits.maxBytes);
        for await (const piece of rest(answer, done)) {
          done += piece.byteLength;
          if (done > this.limits.maxBytes) throw fileTooLarge(address.key, this.limits.maxBytes);
          yield piece;
        }
        if (whole !== undefined && done !== whole)
          throw wrongLengthError(whole, done, placeOf(address));
        return;
      } catch (cause) {
        await this.again(cause, address, tried, etag);
      }
    }
  }

  /** Waits before the rest is asked for; throws what may not be resumed: without an ETag it might be of another object. */
  private async again(cause: unknown, address: S3Address, tried: number, etag: string | undefined) {
    const { signal, sleep, random, log } = this.access;
    const resumable = cause instanceof PhusaError && ofTheConnection.has(cause.code);
    if (!resumable || etag === undefined || tried > this.limits.retryBudget || signal.aborted)
      throw cause;
    log.warn('s3-resume', { key: address.key, code: cause.code, tried });
    await sleep(backOffMs(tried, random), signal);
  }

  private async object(
    address: S3Address,
    etag: string | undefined,
    from: number,
  ): Promise<HttpAnswer> {
    const url = new URL(address.bucketUrl);
    url.pathname += keyPath(address.key);
    return await this.ask(address, url, {
      ...(etag === undefined || etag === '' ? {} : { 'if-match': etag }),
      ...(from === 0 ? {} : { range: `bytes=${from}-` }),
    });
  }

  private async ask(
    address: S3Address,
    url: URL,
    headers: Readonly<Record<string, string>>,
  ): Promise<HttpAnswer> {
    const answer = await this.http.send({
      method: 'GET',
      url: url.href,
      headers: {
        'accept-encoding': 'identity',
        ...(await signedHeaders(address, url, headers, this.access)),
      },
      accept: explained,
    });
    if (!explained.includes(answer.status)) return answer;
    throw s3Error(await answer.text(), answer.status, placeOf(address));
  }
}

function placeOf({ bucket, key }: S3Address): string {
  return `s3://${bucket}/${key}`;
}

function noteVersion(facts: Record<string, string>, { headers }: HttpAnswer): void {
  const { etag, 'x-amz-version-id': version, 'last-modified': modified } = headers;
  if (etag !== undefined) facts['etag'] ??= etag;
  if (version !== undefined) facts['version'] ??= version;
  if (modified !== undefined) facts['lastModified'] ??= modified;
}

/** The whole object's length: of `Content-Range` in a part, else `Content-Length`; unknown where it is compressed. */
function lengthOf({ headers }: HttpAnswer): number | undefined {
  if ((headers['content-encoding'] ?? '') !== '') return undefined;
  const text = headers['content-range']?.split('/')[1] ?? headers['content-length'];
  return text === undefined ? undefined : Number(text);
}

/** The bytes after the first `done`; a server that ignores `Range` sends those again. */
async function* rest(answer: HttpAnswer, done: number): AsyncGenerator<Uint8Array> {
  if (answer.status === 206) {
    if (done > 0 && !answer.headers['content-range']?.startsWith(`bytes ${done}-`))
      throw fileChanging('content-range');
    yield* answer.body;
    return;
  }
  let skip = done;
  for await (const piece of answer.body) {
    const skipped = Math.min(skip, piece.byteLength);
    skip -= skipped;
    if (skipped < piece.byteLength) yield piece.subarray(skipped);
  }
}
