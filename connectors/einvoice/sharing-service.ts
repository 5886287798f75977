import { z } from 'zod';
import { PhusaError } from '../../core/errors.ts';
import type { HttpAnswer } from '../../net/http-client.ts';
import type { ReadContext } from '../port.ts';
import { underBase } from '../source-base.ts';
import type { EinvoiceConfig } from './config.ts';
import { einvoiceError } from './einvoice-trouble.ts';

/** One file as the service's index lists it; size and hash are null when the service does not know them yet. */
export interface IndexEntry {
  readonly name: string;
  readonly size: number | null;
  readonly sha256: string | null;
  readonly issued_from: string;
  readonly issued_to: string;
  readonly published_at: string;
}

const tokenSchema = z.object({ access_token: z.string().min(1) });
const entrySchema = z.object({
  name: z.string().regex(/^[\w.-]{1,200}$/),
  size: z.number().nullable().default(null),
  sha256: z.string().nullable().default(null),
  issued_from: z.string(),
  issued_to: z.string(),
  published_at: z.string(),
});
const indexSchema = z.object({ files: z.array(entrySchema), next_since: z.string().nullish() });
const pageSchema = z.object({ total: z.int().min(0), datas: z.array(z.unknown()) });

/** One page of the state list: its bytes as they came and what they say of themselves. */
export interface StatePage {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly total: number;
  readonly rows: number;
}

/** Records asked for on one page; the service gives no more. */
export const pageSize = 500;

/** The tax office's sharing service: signs in by client credentials and again when the token has expired. */
export class SharingService {
  readonly #context: ReadContext<EinvoiceConfig>;
  #token: string | undefined;

  constructor(context: ReadContext<EinvoiceConfig>) {
    this.#context = context;
  }

  /** Files published after a time, all of them, in the service's order (time, name). */
  async index(since: string | undefined): Promise<readonly IndexEntry[]> {
    const query = since === undefined ? '' : `?since=${encodeURIComponent(since)}`;
    const path = `/index.json${query}`;
    return parsed(indexSchema, await (await this.get(path)).text(), path).files;
  }

  /** Opens a file. */
  file(name: string): Promise<HttpAnswer> {
    return this.get(`/files/${encodeURIComponent(name)}`);
  }

  /** One page of states of invoices issued from `from` to `to`, both included. */
  async states(from: string, to: string, page: number): Promise<StatePage> {
    const path = `/portal/states?from=${from}&to=${to}&page=${page}&size=${pageSize}`;
    const bytes = await (await this.get(path)).bytes();
    const { total, datas } = parsed(pageSchema, new TextDecoder().decode(bytes), path);
    return { path, bytes, total, rows: datas.length };
  }

  /** The full address of a path, for receipts. */
  address(path: string): string {
    return underBase(this.#context.config.base, path);
  }

  /** Sends a signed-in request; one new sign-in when the token is refused. */
  async get(path: string): Promise<HttpAnswer> {
    const first = await this.#send(path);
    if (first.status !== 401) return first;
    await first.bytes();
    this.#token = undefined;
    const second = await this.#send(path);
    if (second.status === 401) throw einvoiceError('einvoice-sign-in', '401');
    return second;
  }

  async #send(path: string): Promise<HttpAnswer> {
    this.#token ??= await this.#signIn();
    return this.#context.http.send({
      method: 'GET',
      url: this.address(path),
      headers: { authorization: `Bearer ${this.#token}` },
      accept: [401],
    });
  }

  async #signIn(): Promise<string> {
    const secret = await this.#context.secret('client_secret');
    const answer = await this.#context.http.send({
      method: 'POST',
      url: this.address('/token'),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: this.#context.config.clientId ?? '',
        client_secret: secret,
      }).toString(),
      accept: [400, 401, 403],
    });
    const text = await answer.text();
    if (answer.status >= 400) throw einvoiceError('einvoice-sign-in', String(answer.status));
    return parsed(tokenSchema, text, '/token').access_token;
  }
}

function parsed<T>(schema: z.ZodType<T>, text: string, path: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof PhusaError) throw error;
    throw einvoiceError('einvoice-answer', path, { file: path }, error);
  }
}
