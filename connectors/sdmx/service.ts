import type { HttpRequest } from '../../net/http-client.ts';
import { publicRequest } from '../../net/public-request.ts';
import type { LandedPiece } from '../../warehouse/landing/batch-writer.ts';
import type { ReadContext } from '../port.ts';
import { underBase } from '../source-base.ts';
import type { SdmxConfig } from './config.ts';
import { sdmxTrouble } from './sdmx-trouble.ts';

/** An answer as it is landed, and the time the source says it made it. */
export interface SdmxAnswer {
  readonly piece: Omit<LandedPiece, 'name' | 'bytes'> & { readonly bytes: Uint8Array };
  /** ISO instant: the message's own time, else the answer's `Date`. */
  readonly preparedAt: string | undefined;
}

/** What is asked for beside the path. */
export interface SdmxQuery {
  readonly updatedAfter?: string;
}

/**
 * Asks an SDMX-REST service (2.1 and 3.0 spell `updatedAfter` and `asOf` alike) for one flow. Undefined when it has
 * nothing newer (404 or 304 to a question for changes). Throws PhusaError, also for an error told under HTTP 200.
 */
export async function askSdmx(
  { http, config }: ReadContext<SdmxConfig>,
  path: string,
  { updatedAfter }: SdmxQuery,
): Promise<SdmxAnswer | undefined> {
  const query = new URLSearchParams({
    ...(updatedAfter === undefined ? {} : { updatedAfter }),
    ...(config.asOf === undefined ? {} : { asOf: config.asOf }),
  }).toString();
  const joined = query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`;
  const request: HttpRequest = {
    method: 'GET',
    url: underBase(config.base, joined),
    headers: { accept: config.accept },
    accept: updatedAfter === undefined ? [] : [304, 404],
  };
  const answer = await http.send(request);
  const bytes = await answer.bytes();
  if (answer.status === 404 || answer.status === 304) return undefined;
  const head = Buffer.from(bytes.subarray(0, 16_384)).toString('utf8');
  refuseForeign(head, bytes.length, path);
  refuseCut(head, bytes, path);
  const { 'content-type': mediaType, date } = answer.headers;
  return {
    piece: {
      bytes,
      request: publicRequest(request),
      response: { status: answer.status, headers: answer.headers },
      ...(mediaType === undefined ? {} : { mediaType }),
    },
    preparedAt: instant(preparedIn(head) ?? date),
  };
}

/** A web page, or an archive that a deferred answer ends in, is no message. */
function refuseForeign(head: string, bytes: number, path: string): void {
  if (bytes === 0) throw sdmxTrouble('answer-empty', path);
  if (/^\s*<(!doctype html|html)/i.test(head) || head.startsWith('PK'))
    throw sdmxTrouble('content-unknown', `${path}: ${head.trimStart().slice(0, 40)}`);
}

/** XML and JSON show a missing end by themselves; a CSV message whose last line is not ended was cut off. */
function refuseCut(head: string, bytes: Uint8Array, path: string): void {
  if (!/^\ufeff?\s*[<{[]/.test(head) && bytes.at(-1) !== 0x0a)
    throw sdmxTrouble('answer-cut', path);
}

function preparedIn(head: string): string | undefined {
  return (
    /<(?:\w+:)?Prepared>\s*([^<]+?)\s*</.exec(head)?.[1] ??
    /"prepared"\s*:\s*"([^"]+)"/.exec(head)?.[1]
  );
}

function instant(text: string | undefined): string | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
