import { z } from 'zod';
import type { HttpAnswer, HttpRequest } from '../../net/http-client.ts';
import { publicRequest } from '../../net/public-request.ts';
import { createHash } from 'node:crypto';
import type { LandedPiece } from '../../warehouse/landing/batch-writer.ts';
import { withoutJsonMembers } from '../decode/json-members.ts';
import type { ReadContext } from '../port.ts';
import { underBase } from '../source-base.ts';
import type { OneRosterConfig } from './config.ts';
import { oneRosterTrouble } from './oneroster-trouble.ts';
import { isSecretMember } from './secret-member.ts';

/** What part of a collection is asked for. */
export interface PageRequest {
  readonly limit: number;
  readonly offset: number;
  /** ISO instant: only records changed after it. */
  readonly changedAfter?: string;
}

/** One page as it is landed and as it was understood. */
export interface RosterPage {
  readonly piece: Omit<LandedPiece, 'name' | 'bytes'> & { readonly bytes: Uint8Array };
  /** How many records it has. */
  readonly records: number;
  /** `X-Total-Count`, where the service says it. */
  readonly total: number | undefined;
  /** Whether the `Link` header names a next page; undefined without one. */
  readonly hasNext: boolean | undefined;
  /** `dateLastModified` of its records, as given. */
  readonly modified: readonly string[];
  /** `sourcedId` of its records. */
  readonly ids: readonly string[];
}

const token = z.object({ access_token: z.string().min(1) });
const failure = z.object({ imsx_codeMajor: z.string(), imsx_description: z.string().nullish() });
const record = z.object({ dateLastModified: z.string() });
const identified = z.object({ sourcedId: z.string() });

/** Answers that are no JSON are asked for again this many times: the end of a body without length may be lost. */
const tries = 3;

/**
 * A OneRoster REST service behind OAuth 2 client credentials. The token is asked for when first needed and once more
 * when the service refuses it in the middle of a run; refused again, the error stands.
 */
export class RosterService {
  private readonly context: ReadContext<OneRosterConfig>;
  private token: string | undefined;

  constructor(context: ReadContext<OneRosterConfig>) {
    this.context = context;
  }

  /** Asks for one page of a collection, sorted by `sourcedId`. Throws PhusaError. */
  async page(
    collection: string,
    { limit, offset, changedAfter }: PageRequest,
  ): Promise<RosterPage> {
    const query = new URLSearchParams({
      limit: String(limit),
      offset: String(offset),
      sort: 'sourcedId',
      orderBy: 'asc',
      ...(changedAfter === undefined ? {} : { filter: `dateLastModified>'${changedAfter}'` }),
    });
    const request: HttpRequest = {
      method: 'GET',
      url: underBase(this.context.config.base, `${collection}?${query.toString()}`),
    };
    return this.signedIn(request, collection);
  }

  private async signedIn(request: HttpRequest, collection: string): Promise<RosterPage> {
    this.token ??= await this.newToken();
    const first = await this.ask(request, collection, this.token);
    if (first !== 'refused') return first;
    this.context.log.info('token-renewed', { collection });
    this.token = await this.newToken();
    const second = await this.ask(request, collection, this.token);
    if (second === 'refused') throw oneRosterTrouble('access-refused', collection);
    return second;
  }

  private async ask(
    plain: HttpRequest,
    collection: string,
    bearer: string,
  ): Promise<RosterPage | 'refused'> {
    const request: HttpRequest = {
      ...plain,
      headers: { authorization: `Bearer ${bearer}`, accept: 'application/json' },
      accept: [401],
    };
    for (let tried = 1; ; tried += 1) {
      const answer = await this.context.http.send(request);
      const bytes = await answer.bytes();
      if (answer.status === 401) return 'refused';
      const body = parsed(bytes);
      if (body !== undefined) return pageOf(collection, request, answer, bytes, body);
      if (tried === tries) throw oneRosterTrouble('answer-not-json', collection);
    }
  }

  private async newToken(): Promise<string> {
    const { clientId = '', tokenUrl = '', scope } = this.context.config;
    const secret = await this.context.secret('client_secret');
    const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`);
    const answer = await this.context.http.send({
      method: 'POST',
      url: tokenUrl,
      headers: {
        authorization: `Basic ${basic.toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
      },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope }).toString(),
      idempotent: true,
      accept: [400, 401, 403],
    });
    const read = token.safeParse(parsed(await answer.bytes()));
    if (answer.status !== 200 || !read.success)
      throw oneRosterTrouble('access-refused', `token, HTTP ${answer.status}`);
    return read.data.access_token;
  }
}

function pageOf(
  collection: string,
  request: HttpRequest,
  answer: HttpAnswer,
  received: Uint8Array,
  body: unknown,
): RosterPage {
  const records = recordsOf(collection, body);
  const text = new TextDecoder().decode(received);
  const clean = withoutJsonMembers(text, isSecretMember);
  const bytes = clean === text ? received : new TextEncoder().encode(clean);
  const { 'x-total-count': count, link, 'content-type': mediaType } = answer.headers;
  return {
    piece: {
      bytes,
      request: {
        ...publicRequest(request),
        ...(clean === text ? {} : { sha256BeforeRedaction: sha256(received) }),
      },
      response: { status: answer.status, headers: answer.headers },
      ...(mediaType === undefined ? {} : { mediaType }),
    },
    records: records.length,
    total: count !== undefined && /^\d+$/.test(count) ? Number(count) : undefined,
    hasNext: link === undefined ? undefined : /rel="?next"?/i.test(link),
    modified: records.flatMap((one) => {
      const read = record.safeParse(one);
      return read.success ? [read.data.dateLastModified] : [];
    }),
    ids: records.flatMap((one) => {
      const read = identified.safeParse(one);
      return read.success ? [read.data.sourcedId] : [];
    }),
  };
}

function recordsOf(collection: string, body: unknown): readonly unknown[] {
  const failed = failure.safeParse(body);
  if (failed.success && failed.data.imsx_codeMajor !== 'success')
    throw oneRosterTrouble('source-error', `${collection}: ${failed.data.imsx_description ?? ''}`);
  const read = z.object({ [collection]: z.array(z.unknown()) }).safeParse(body);
  const records = read.success ? read.data[collection] : undefined;
  if (records === undefined) throw oneRosterTrouble('answer-not-json', collection);
  return records;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
