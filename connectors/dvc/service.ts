import { isUtf8 } from 'node:buffer';
import { z } from 'zod';
import type { HttpAnswer, HttpRequest } from '../../net/http-client.ts';
import { publicRequest } from '../../net/public-request.ts';
import type { LandedPiece } from '../../warehouse/landing/batch-writer.ts';
import type { ReadContext } from '../port.ts';
import { underBase } from '../source-base.ts';
import type { DvcConfig } from './config.ts';
import { dvcTrouble } from './dvc-trouble.ts';
import { hollowPage } from './hollow-page.ts';

/** The member that holds the records. */
const recordsMember = 'data';

const envelope = z.object({
  error_code: z.union([z.int(), z.string()]).transform(String),
  message: z.string().nullish(),
  total: z.int().min(0).exactOptional(),
  data: z.array(z.unknown()).nullish(),
  access_token: z.string().min(1).exactOptional(),
});

/** One answer of the service, as it came and as it was understood. */
export interface ServiceAnswer {
  readonly piece: Omit<LandedPiece, 'name' | 'bytes'> & { readonly bytes: Uint8Array };
  /** How many records came. */
  readonly records: number;
  /** Records the service says there are, where it says so. */
  readonly total: number | undefined;
}

/** Answers that are no JSON are asked for again this many times: the end of a body without length may be lost. */
const tries = 3;

/**
 * The service behind a token. The token is asked for when first needed and once more when the service refuses it in
 * the middle of a run; refused again, the error stands.
 */
export class DvcService {
  private readonly context: ReadContext<DvcConfig>;
  private token: string | undefined;

  constructor(context: ReadContext<DvcConfig>) {
    this.context = context;
  }

  /** Asks for a path (with its query) under the base. Throws PhusaError. */
  async get(path: string): Promise<ServiceAnswer> {
    this.token ??= await this.newToken();
    const first = await this.ask(path, this.token);
    if (first !== 'refused') return first;
    this.context.log.info('token-renewed', { path: path.split('?')[0] ?? '' });
    this.token = await this.newToken();
    const second = await this.ask(path, this.token);
    if (second === 'refused') throw dvcTrouble('access-refused', path);
    return second;
  }

  private async ask(path: string, token: string): Promise<ServiceAnswer | 'refused'> {
    const request: HttpRequest = {
      method: 'GET',
      url: underBase(this.context.config.base, path),
      headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
      accept: [401],
    };
    const exchanged = await this.exchange(request, path);
    if (exchanged === 'refused' || exchanged.page.error_code === '401') return 'refused';
    const { answer, bytes, page, records } = exchanged;
    if (page.error_code !== '0') {
      throw dvcTrouble('source-error', `${page.error_code} ${page.message ?? ''}`.trim());
    }
    if (!page.data) throw dvcTrouble('answer-not-json', path);
    const { 'content-type': mediaType } = answer.headers;
    const response = { status: answer.status, headers: answer.headers };
    return {
      piece: {
        bytes,
        request: publicRequest(request),
        response,
        ...(mediaType === undefined ? {} : { mediaType }),
      },
      records,
      total: page.total,
    };
  }

  private async newToken(): Promise<string> {
    const { config } = this.context;
    const body = JSON.stringify({
      username: config.clientId,
      password: await this.context.secret('password'),
    });
    const request: HttpRequest = {
      method: 'POST',
      url: underBase(config.base, 'token'),
      headers: { 'content-type': 'application/json' },
      body,
      idempotent: true,
      accept: [401],
    };
    const exchanged = await this.exchange(request, 'token');
    const page = exchanged === 'refused' ? undefined : exchanged.page;
    if (page?.error_code !== '0' || page.access_token === undefined)
      throw dvcTrouble('access-refused', page?.message ?? 'token');
    return page.access_token;
  }

  /** Asks until the answer can be read; a 401 is a refusal whatever its body. */
  private async exchange(request: HttpRequest, path: string): Promise<Exchange | 'refused'> {
    for (let tried = 1; ; tried += 1) {
      const answer = await this.context.http.send(request);
      const bytes = await answer.bytes();
      if (answer.status === 401) return 'refused';
      const read = readPage(bytes);
      if (read) return { answer, bytes, ...read };
      if (tried === tries) throw dvcTrouble('answer-not-json', path);
    }
  }
}

interface Exchange {
  readonly answer: HttpAnswer;
  readonly bytes: Uint8Array;
  readonly page: z.infer<typeof envelope>;
  readonly records: number;
}

const byteOrderMark = Buffer.from('\ufeff');

/** The envelope of an answer and the number of its records; undefined where it is none. */
function readPage(bytes: Uint8Array): Pick<Exchange, 'page' | 'records'> | undefined {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const buffer = all.indexOf(byteOrderMark) === 0 ? all.subarray(byteOrderMark.length) : all;
  const hollow = isUtf8(buffer) ? hollowPage(buffer, recordsMember) : undefined;
  const read = hollow && envelope.safeParse(parsed(hollow.text));
  return read?.success === true && hollow
    ? { page: read.data, records: hollow.records }
    : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
