import type { HttpAnswer, HttpRequest } from '../../net/http-client.ts';
import { publicRequest, publicUrl } from '../../net/public-request.ts';
import { isPassing } from '../../net/retry.ts';
import { statusError } from '../../net/transport-errors.ts';
import { PhusaError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { LandedPiece } from '../../warehouse/landing/batch-writer.ts';
import { saysItsEnd } from '../body-end.ts';
import type { ReadContext } from '../port.ts';
import { ruleFor } from './answer-judgement.ts';
import { createSigner } from './authentication/create-signer.ts';
import { unsigned, type Signer } from './authentication/signer.ts';
import { buildRequest, settingsOf, type Filling } from './build-request.ts';
import { manifestTrouble } from './manifest-trouble.ts';
import { wrongMediaType } from './media-type.ts';
import { formatFacts } from './format-facts.ts';
import { emptyPage, pageFacts, parseJson, type PageFacts } from './page-facts.ts';
import { rateLimiter } from './rate-limiter.ts';
import type { Manifest } from './schema/manifest-schema.ts';
import type { AnswerRule, RequestSpec } from './schema/request-schema.ts';
import type { ManifestStream } from './schema/stream-schema.ts';
import { SecretMask } from './secret-mask.ts';
import type { Scope } from './template.ts';
import { writeInstant, zoneOf, type Zone } from './zoned-time.ts';

/** An answer as it came, and what it says. */
export interface ServiceAnswer {
  readonly bytes: Uint8Array;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly url: string;
  readonly facts: PageFacts;
  /** A rule says that this answer means "no data". */
  readonly empty: boolean;
  readonly piece: Omit<LandedPiece, 'name'>;
}

/** Answers that are cut, or an error of the moment inside HTTP 200, are asked for again this many times. */
const tries = 3;

/** First wait between such tries, doubled each time, in milliseconds. */
const firstWaitMs = 500;

/** The source behind a manifest: requests filled in, signed, paced, judged by the declared rules. */
export class ManifestService {
  readonly context: ReadContext<Manifest>;
  readonly manifest: Manifest;
  readonly mask = new SecretMask();
  private signer: Signer = unsigned;
  private ready: Promise<Scope> | undefined;
  private readonly take: () => Promise<void>;

  constructor(context: ReadContext<Manifest>) {
    this.context = context;
    this.manifest = context.config;
    const pause = (ms: number) => context.http.pause(ms);
    this.take = rateLimiter(this.manifest.rate, () => context.now(), pause);
  }

  /** Settings, secrets and the time, with `more` beside them; times written as the stream wants them. */
  async filling(stream: ManifestStream | undefined, more: Scope): Promise<Filling> {
    this.ready ??= this.start();
    const { zone, format } = timeWriting(stream);
    const write = (time: Date, own?: string) => writeInstant(time.getTime(), own ?? format, zone);
    return { scope: { ...(await this.ready), ...more }, write };
  }

  /** Sends a declared request for a stream's records. Throws PhusaError. */
  async page(stream: ManifestStream, spec: RequestSpec, more: Scope): Promise<ServiceAnswer> {
    const filling = await this.filling(stream, more);
    return await this.read(stream, buildRequest(this.manifest, spec, filling));
  }

  /** Follows an address that an answer gave. */
  async linked(stream: ManifestStream, url: string): Promise<ServiceAnswer> {
    const filling = await this.filling(stream, {});
    const plain = { method: 'GET', path: url, headers: {}, query: {}, idempotent: false } as const;
    return await this.read(stream, { ...buildRequest(this.manifest, plain, filling), url });
  }

  /** Sends a declared request whose answer is not data (counts, jobs); its parsed body, status and headers. */
  async ask(
    stream: ManifestStream,
    spec: RequestSpec,
    more: Scope,
    accept: readonly number[] = [],
  ): Promise<Pick<HttpAnswer, 'status' | 'headers'> & { readonly document: unknown }> {
    const filling = await this.filling(stream, more);
    const request = { ...buildRequest(this.manifest, spec, filling), accept };
    const { answer, bytes } = await this.judged(stream, request, (body) => ({
      document: parseJson(body),
    }));
    return { status: answer.status, headers: answer.headers, document: parseJson(bytes) };
  }

  /** Sends a request and gives its body as a stream, for files too large to hold. */
  async stream(stream: ManifestStream, request: HttpRequest): Promise<Omit<LandedPiece, 'name'>> {
    await this.filling(stream, {});
    for (let renewed = false; ; renewed = true) {
      const answer = await this.send(request, renewed ? [] : [401]);
      if (answer.status !== 401) {
        const trouble = wrongMediaType(stream, answer.headers);
        if (trouble !== undefined) throw manifestTrouble('answer-type', trouble);
        requireFraming(answer, request);
        return { ...this.receipt(request, answer), bytes: answer.body };
      }
      if (!this.signer.renew()) throw manifestTrouble('sign-in-refused', this.shown(request));
    }
  }

  /** What a receipt keeps of an exchange: no secrets, wherever they stand. */
  receipt(
    request: HttpRequest,
    answer: Pick<HttpAnswer, 'status' | 'headers'>,
  ): Omit<LandedPiece, 'name' | 'bytes'> {
    const { 'content-type': mediaType } = answer.headers;
    return {
      ...(mediaType === undefined ? {} : { mediaType }),
      request: this.mask.object(publicRequest(request)),
      response: { status: answer.status, headers: this.mask.headers(answer.headers) },
    };
  }

  private async start(): Promise<Scope> {
    const { context, manifest } = this;
    const secrets: Record<string, string> = {};
    for (const name of Object.keys(manifest.secrets)) {
      const value = await context.secret(name);
      secrets[name] = value;
      this.mask.add(value);
    }
    const now = context.now();
    const zone = zoneOf('Asia/Ho_Chi_Minh');
    const day = writeInstant(now.getTime(), '%Y-%m-%d', zone);
    const scope: Scope = {
      config: settingsOf(manifest) ?? {},
      secret: secrets,
      now: { time: now, day },
    };
    const write = (time: Date, format = 'iso') => writeInstant(time.getTime(), format, zone);
    this.signer = createSigner(
      manifest,
      { scope, write },
      {
        ask: async (request) => {
          await this.take();
          const answer = await context.http.send({ ...request, maxBytes: manifest.pageBytes });
          return { status: answer.status, bytes: await answer.bytes() };
        },
        now: () => context.now(),
        hide: (secret) => this.mask.add(secret),
      },
    );
    return scope;
  }

  private async read(stream: ManifestStream, request: HttpRequest): Promise<ServiceAnswer> {
    const { answer, bytes, rule, facts } = await this.judged(stream, request, (body, headers) => {
      const trouble = wrongMediaType(stream, headers);
      return trouble === undefined ? pageFacts(stream, body) : undefined;
    });
    const empty = rule?.do === 'empty';
    if (!empty && !selfEnding(stream)) requireFraming(answer, request);
    const kept = this.receipt(request, answer);
    const masked = this.mask.bytes(bytes);
    const marks: JsonObject = {
      ...kept.request,
      ...(empty ? { empty: true } : {}),
      ...(masked === bytes ? {} : { redacted: true }),
    };
    return {
      bytes,
      status: answer.status,
      headers: answer.headers,
      url: request.url,
      facts: facts ?? emptyPage,
      empty,
      piece: { ...kept, request: marks, bytes: masked },
    };
  }

  /** Asks until the answer can be read and no rule wants another try; signs in again at most once. */
  private async judged<T extends { readonly document: unknown }>(
    stream: ManifestStream,
    request: HttpRequest,
    understand: (bytes: Uint8Array, headers: Readonly<Record<string, string>>) => T | undefined,
  ): Promise<Judged<T>> {
    const rules = [...stream.answers, ...this.manifest.answers];
    let renewed = false;
    for (let tried = 1; ; tried += 1) {
      const answer = await this.send(request, [401, ...statusesOf(rules)]);
      const bytes = await answer.bytes();
      const facts = understand(bytes, answer.headers);
      const rule = ruleFor(rules, {
        status: answer.status,
        document: () => facts?.document ?? parseJson(bytes),
        text: () => new TextDecoder().decode(bytes),
      });
      const next = verdict(answer, facts, rule);
      if (next === 'take') return { answer, bytes, rule, facts };
      if (next === 'renew' && !renewed && this.signer.renew()) renewed = true;
      else if (next === 'retry' && tried < tries)
        await this.context.http.pause(firstWaitMs * 2 ** (tried - 1));
      // A page of HTML instead of data may be the sign-in page of a session that has ended (A31).
      else if (facts === undefined && !renewed && this.signer.renew()) renewed = true;
      else throw this.refusal(answer, request, rule, next, bytes);
    }
  }

  private async send(request: HttpRequest, accept: readonly number[]): Promise<HttpAnswer> {
    this.context.signal.throwIfAborted();
    await this.take();
    const signed = await this.signer.sign(request);
    try {
      return await this.context.http.send({
        ...signed,
        accept: [...(request.accept ?? []), ...accept],
        maxBytes: this.manifest.pageBytes,
      });
    } catch (cause) {
      throw this.withoutSecrets(cause);
    }
  }

  private refusal(
    answer: HttpAnswer,
    request: HttpRequest,
    rule: AnswerRule | undefined,
    next: Verdict,
    bytes: Uint8Array,
  ): PhusaError {
    const said = rule?.says ?? this.mask.text(new TextDecoder().decode(bytes.subarray(0, 200)));
    const detail = `${this.shown(request)} (${answer.status}) ${said}`.trim();
    if (next === 'renew') return manifestTrouble('sign-in-refused', detail);
    if (rule === undefined && answer.status >= 300)
      return statusError(answer.status, this.shown(request));
    return manifestTrouble(rule === undefined ? 'answer-not-readable' : 'source-error', detail);
  }

  private shown(request: HttpRequest): string {
    return this.mask.text(publicUrl(request.url, request.hidden));
  }

  private withoutSecrets(cause: unknown): unknown {
    if (!(cause instanceof PhusaError)) return cause;
    const { group, code, text, remedy, place } = cause;
    return new PhusaError({
      group,
      code,
      message: { vi: this.mask.text(text.vi), en: this.mask.text(text.en) },
      place: {
        ...place,
        ...(place.value === undefined ? {} : { value: this.mask.text(place.value) }),
      },
      ...(remedy === undefined ? {} : { remedy }),
    });
  }
}

interface Judged<T> {
  readonly answer: HttpAnswer;
  readonly bytes: Uint8Array;
  readonly rule: AnswerRule | undefined;
  readonly facts: T | undefined;
}

type Verdict = 'take' | 'retry' | 'renew' | 'fail';

function verdict(answer: HttpAnswer, facts: unknown, rule: AnswerRule | undefined): Verdict {
  if (rule?.do === 'empty') return 'take';
  if (rule !== undefined && rule.do !== 'accept') return rule.do;
  if (answer.status === 401) return 'renew';
  // Accepted for the sake of a rule that it did not meet after all.
  if (answer.status >= 300) return isPassing(answer.status) ? 'retry' : 'fail';
  return facts === undefined ? 'retry' : 'take';
}

function statusesOf(rules: readonly AnswerRule[]): readonly number[] {
  return rules.flatMap(({ when }) => when.status ?? []).filter((status) => status >= 300);
}

/** Formats whose own grammar tells the end; a list of lines may be cut after any of them. */
function selfEnding({ decoding: { format, unpack } }: ManifestStream): boolean {
  return unpack !== 'none' || formatFacts[format].ends === 'itself';
}

function requireFraming({ headers }: HttpAnswer, request: HttpRequest): void {
  if (!saysItsEnd(headers))
    throw manifestTrouble('end-unproved', publicUrl(request.url, request.hidden));
}

function timeWriting(stream: ManifestStream | undefined): {
  readonly zone: Zone;
  readonly format: string;
} {
  const incremental = stream?.incremental;
  if (incremental?.kind !== 'time') return { zone: zoneOf('Asia/Ho_Chi_Minh'), format: 'iso' };
  return { zone: zoneOf(incremental.zone), format: incremental.format };
}
