import { request as httpRequest, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Json, JsonObject } from '../core/json.ts';
import type { Language } from '../core/localized.ts';
import type { Progress } from '../core/progress.ts';
import { ProblemError } from './problem-error.ts';
import { isObject } from '../core/json-member.ts';
import { listAt, member, numberAt, textAt } from './reading.ts';

/** How to reach the API. */
export interface ApiClientOptions {
  readonly socketPath: string;
  readonly language: Language;
  /** Acts as this person instead of the local operator. */
  readonly token: string | undefined;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** One request. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Under `/api/v1`, filled in. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: JsonObject;
}

/** The API over the home's socket: progress flows as it happens, problems are thrown as {@link ProblemError}. */
export class ApiClient {
  readonly #options: ApiClientOptions;

  constructor(options: ApiClientOptions) {
    this.#options = options;
  }

  /** Asks and returns the JSON answer. */
  async call(request: ApiRequest): Promise<Json> {
    const answer = await this.#send(request.method, urlOf(request), request.body);
    const streamed = answer.headers['content-type']?.startsWith('application/x-ndjson') ?? false;
    if (streamed) return this.#readLines(answer);
    const text = await readText(answer);
    const value: Json = text === '' ? null : parse(text);
    if ((answer.statusCode ?? 500) >= 400) throw ProblemError.of(value);
    return value;
  }

  /** All items of a list that pages by cursor, at most `limit`. */
  async all(path: string, query: ApiRequest['query'], limit: number): Promise<Json[]> {
    const items: Json[] = [];
    let after: string | undefined;
    do {
      const size = Math.min(1000, limit - items.length);
      const page = await this.call({
        method: 'GET',
        path,
        query: { ...query, limit: size, after },
      });
      items.push(...listAt(page, 'items'));
      after = textAt(page, 'next');
    } while (after !== undefined && items.length < limit);
    return items;
  }

  /** Saves a file under its name in a directory; returns its path. */
  async download(url: string, name: string, directory: string): Promise<string> {
    const answer = await this.#send('GET', url, undefined);
    if ((answer.statusCode ?? 500) >= 400) throw ProblemError.of(parse(await readText(answer)));
    await mkdir(directory, { recursive: true });
    // The name comes from the server; only its last part may choose where bytes land.
    const path = join(directory, basename(name));
    await pipeline(answer, createWriteStream(path));
    return path;
  }

  async #readLines(answer: IncomingMessage): Promise<Json> {
    for await (const line of createInterface({ input: answer, crlfDelay: Infinity })) {
      const event = parse(line);
      const type = textAt(event, 'type');
      if (type === 'result') return member(event, 'result') ?? null;
      if (type === 'error') throw ProblemError.of(member(event, 'problem'));
      this.#report(event);
    }
    throw ProblemError.cutOff();
  }

  #report(event: Json): void {
    const step = member(event, 'step');
    const total = numberAt(event, 'total');
    this.#options.progress({
      step: { vi: textAt(step, 'vi') ?? '', en: textAt(step, 'en') ?? '' },
      done: numberAt(event, 'done') ?? 0,
      ...(total === undefined ? {} : { total }),
    });
  }

  #send(method: string, path: string, body: JsonObject | undefined): Promise<IncomingMessage> {
    const { socketPath, language, token, signal } = this.#options;
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((done, failed) => {
      const request = httpRequest({
        socketPath,
        method,
        path,
        signal,
        agent: false,
        headers: {
          host: 'localhost',
          accept: 'application/x-ndjson, application/json',
          'accept-language': language,
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(text === undefined ? {} : { 'content-type': 'application/json' }),
        },
      });
      request.once('response', done).once('error', failed).end(text);
    });
  }
}

/** Fills path parameters: each is one percent-encoded segment. */
export function pathTo(strings: TemplateStringsArray, ...values: readonly string[]): string {
  return strings.map((text, i) => text + encodeURIComponent(values[i] ?? '')).join('');
}

function urlOf({ path, query = {} }: ApiRequest): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  const text = new URLSearchParams(given).toString();
  return `/api/v1${path}${text === '' ? '' : `?${text}`}`;
}

async function readText(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    return isJson(value) ? value : null;
  } catch {
    throw ProblemError.cutOff();
  }
}

/** What JSON.parse returns is JSON. */
function isJson(value: unknown): value is Json {
  return value !== undefined || isObject(value);
}
