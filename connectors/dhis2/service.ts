import { z } from 'zod';
import type { HttpRequest } from '../../net/http-client.ts';
import { publicRequest } from '../../net/public-request.ts';
import type { LandedPiece } from '../../warehouse/landing/batch-writer.ts';
import type { ReadContext } from '../port.ts';
import { underBase } from '../source-base.ts';
import type { Dhis2Config } from './config.ts';
import { dhis2Trouble } from './dhis2-trouble.ts';

/** An answer as it is landed and as it was understood. */
export interface Dhis2Answer {
  readonly piece: Omit<LandedPiece, 'name' | 'bytes'> & { readonly bytes: Uint8Array };
  readonly body: Readonly<Record<string, unknown>>;
}

const object = z.record(z.string(), z.unknown());
const refusal = z.object({
  status: z.string().exactOptional(),
  httpStatusCode: z.int().exactOptional(),
  errorCode: z.string().exactOptional(),
  message: z.string().exactOptional(),
});

/** Answers that are no JSON are asked for again this many times: the end of a body without length may be lost. */
const tries = 3;

/** A DHIS2 server, signed in with a personal access token, or with a user name and password. */
export class Dhis2Service {
  private readonly context: ReadContext<Dhis2Config>;

  constructor(context: ReadContext<Dhis2Config>) {
    this.context = context;
  }

  /** Asks for a path under `/api`; what is kept with the receipt is `facts` beside the request. Throws PhusaError. */
  async get(path: string, facts: Readonly<Record<string, string>> = {}): Promise<Dhis2Answer> {
    const request: HttpRequest = {
      method: 'GET',
      url: underBase(this.context.config.base, `api/${path}`),
      headers: { authorization: await this.credentials(), accept: 'application/json' },
      accept: [400, 401, 403, 409],
    };
    for (let tried = 1; ; tried += 1) {
      const answer = await this.context.http.send(request);
      const bytes = await answer.bytes();
      if (answer.status === 401 || answer.status === 403)
        throw dhis2Trouble('access-refused', `HTTP ${answer.status}`);
      const read = object.safeParse(parsed(bytes));
      if (read.success) {
        refuseError(read.data, answer.status, path);
        const { 'content-type': mediaType } = answer.headers;
        const piece = {
          bytes,
          request: { ...publicRequest(request), ...facts },
          response: { status: answer.status, headers: answer.headers },
          ...(mediaType === undefined ? {} : { mediaType }),
        };
        return { piece, body: read.data };
      }
      if (tried === tries) throw dhis2Trouble('answer-not-json', nameOf(path));
    }
  }

  private async credentials(): Promise<string> {
    const secret = await this.context.secret('password');
    const { username } = this.context.config;
    if (username === undefined) return `ApiToken ${secret}`;
    return `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}`;
  }
}

/** DHIS2 tells what is wrong in a web message (`E2006`), mostly with status 409, some proxies with 200. */
function refuseError(body: Readonly<Record<string, unknown>>, status: number, path: string): void {
  const read = refusal.safeParse(body);
  const told = read.success ? read.data : {};
  if (status < 400 && told.status !== 'ERROR' && told.errorCode === undefined) return;
  const words = [told.errorCode ?? `HTTP ${status}`, told.message ?? ''].join(' ').trim();
  throw dhis2Trouble('source-error', `${nameOf(path)}: ${words}`);
}

function nameOf(path: string): string {
  return path.split('?')[0] ?? '';
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
