import { z } from 'zod';
import type { HttpAnswer, HttpRequest } from '../../net/http-client.ts';
import { publicRequest } from '../../net/public-request.ts';
import type { LandedPiece } from '../../warehouse/landing/batch-writer.ts';
import type { Signer } from '../manifest/authentication/signer.ts';
import type { ReadContext } from '../port.ts';
import { underBase } from '../source-base.ts';
import type { FhirConfig } from './config.ts';
import { exportManifest, type ExportFile, type ExportManifest } from './export-manifest.ts';
import { fhirTrouble } from './fhir-trouble.ts';
import { signerOf } from './sign-in.ts';

/** A manifest as it came and as it was understood. */
export interface ManifestAnswer {
  readonly manifest: ExportManifest;
  readonly url: string;
  readonly piece: Omit<LandedPiece, 'name'>;
}

/** The export, or one of its files, is not there any more: it has to be asked for again. */
export const expired = Symbol('expired');

const outcome = z.object({
  resourceType: z.literal('OperationOutcome'),
  issue: z.array(
    z.object({
      severity: z.string(),
      code: z.string().exactOptional(),
      diagnostics: z.string().exactOptional(),
    }),
  ),
});

/** Statuses in which a server says why it refuses. */
const refusals = [400, 401, 403, 404, 405, 406, 410, 412, 422, 501];
/** Longest time that is waited between two looks, whatever the server asks for. */
const longestWaitSeconds = 3600;

/** A FHIR server that exports in bulk. Every request is signed; a credential that is refused is renewed once. */
export class BulkServer {
  private readonly context: ReadContext<FhirConfig>;
  private signer: Signer | undefined;

  constructor(context: ReadContext<FhirConfig>) {
    this.context = context;
  }

  /** The FHIR version and software the server says it is. */
  async capability(): Promise<string> {
    const url = underBase(this.context.config.base, 'metadata');
    const answer = await this.ask({ method: 'GET', url, headers: fhirJson });
    const read = z.object({ fhirVersion: z.string() }).safeParse(parsed(await answer.text()));
    if (answer.status !== 200 || !read.success) throw fhirTrouble('answer-not-json', 'metadata');
    return read.data.fhirVersion;
  }

  /** Asks for an export and gives the address at which to look for it. */
  async begin(since: string | undefined): Promise<string> {
    const { base, level, types } = this.context.config;
    const [kind, group = ''] = level.split(':');
    const path = { system: '$export', patient: 'Patient/$export' }[kind ?? ''];
    const query = new URLSearchParams({
      _outputFormat: 'application/fhir+ndjson',
      _type: types.join(','),
      ...(since === undefined ? {} : { _since: since }),
    });
    const url = underBase(base, `${path ?? `Group/${group}/$export`}?${query.toString()}`);
    const answer = await this.ask({
      method: 'GET',
      url,
      headers: { ...fhirJson, prefer: 'respond-async' },
    });
    const location = answer.headers['content-location'];
    const text = await answer.text();
    if (answer.status !== 202 || location === undefined)
      throw fhirTrouble('export-not-started', `HTTP ${answer.status} ${issuesOf(text)}`.trim());
    return new URL(location, url).href;
  }

  /** Waits until an export is done, as long as the server asks to between looks. */
  async finished(statusUrl: string): Promise<ManifestAnswer | typeof expired> {
    const { everySeconds, mostSeconds } = this.context.config;
    for (let waited = 0; ;) {
      const request = { method: 'GET', url: statusUrl, headers: json } as const;
      const answer = await this.ask(request);
      if (answer.status === 404 || answer.status === 410) return expired;
      if (answer.status !== 202) return this.manifest(request, answer);
      await answer.text();
      this.context.log.info('export-running', { progress: answer.headers['x-progress'] ?? '' });
      const seconds = waitSeconds(answer, this.context.now()) ?? everySeconds;
      const wait = Math.min(Math.max(seconds, 1), longestWaitSeconds);
      if (waited + wait > mostSeconds) throw fhirTrouble('export-too-long', `${mostSeconds} s`);
      waited += wait;
      await this.context.http.pause(wait * 1000);
    }
  }

  /** The further manifests that a manifest names, in order. */
  async next({
    manifest,
    url,
  }: ManifestAnswer): Promise<ManifestAnswer | typeof expired | undefined> {
    const link = manifest.link.find(({ relation }) => relation === 'next');
    return link === undefined ? undefined : this.finished(new URL(link.url, url).href);
  }

  /** Opens one file. With a token only where the manifest asks for one. */
  async file(
    { url }: ExportFile,
    { manifest, url: statusUrl }: ManifestAnswer,
  ): Promise<{ readonly answer: HttpAnswer; readonly request: HttpRequest } | typeof expired> {
    const request = {
      method: 'GET',
      url: new URL(url, statusUrl).href,
      headers: { accept: 'application/fhir+ndjson' },
    } as const;
    const answer = manifest.requiresAccessToken
      ? await this.ask(request)
      : await this.context.http.send({ ...request, accept: refusals });
    if (answer.status === 404 || answer.status === 410) return expired;
    if (answer.status !== 200 || /html/i.test(answer.headers['content-type'] ?? ''))
      throw fhirTrouble('source-error', `${nameOf(url)}: HTTP ${answer.status}`);
    return { answer, request };
  }

  /** Tells the server that an export is not needed any more; it may have forgotten it already. */
  async end(statusUrl: string): Promise<void> {
    try {
      const request = {
        method: 'DELETE',
        url: statusUrl,
        parting: true,
        idempotent: true,
      } as const;
      await (await this.ask(request)).text();
    } catch (error) {
      this.context.log.warn('export-not-ended', { why: error instanceof Error ? error.name : '' });
    }
  }

  private async manifest(request: HttpRequest, answer: HttpAnswer): Promise<ManifestAnswer> {
    const bytes = await answer.bytes();
    const text = new TextDecoder().decode(bytes);
    if (answer.status !== 200)
      throw fhirTrouble('source-error', `HTTP ${answer.status} ${issuesOf(text)}`.trim());
    const read = exportManifest.safeParse(parsed(text));
    if (!read.success) {
      const [problem] = read.error.issues;
      throw fhirTrouble('manifest-invalid', problem?.path.join('.') ?? '');
    }
    const piece = {
      bytes,
      mediaType: 'application/json',
      request: { ...publicRequest(request), part: 'manifest' },
      response: { status: answer.status, headers: answer.headers },
    };
    return { manifest: read.data, url: request.url, piece };
  }

  private async ask(request: HttpRequest): Promise<HttpAnswer> {
    this.signer ??= await signerOf(this.context);
    const send = async (signer: Signer) =>
      this.context.http.send({ ...(await signer.sign(request)), accept: refusals });
    const first = await send(this.signer);
    if (first.status !== 401 && first.status !== 403) return first;
    await first.text();
    if (first.status === 403 || !this.signer.renew()) throw refused(first.status);
    const second = await send(this.signer);
    if (second.status === 401 || second.status === 403) throw refused(second.status);
    return second;
  }
}

const json = { accept: 'application/json' };
const fhirJson = { accept: 'application/fhir+json' };

function refused(status: number): Error {
  return fhirTrouble('access-refused', `HTTP ${status}`);
}

/** `Retry-After` in seconds: a number, or a date. */
function waitSeconds({ headers }: HttpAnswer, now: Date): number | undefined {
  const asked = headers['retry-after'];
  if (asked === undefined) return undefined;
  if (/^\d{1,9}$/.test(asked)) return Number(asked);
  const until = Date.parse(asked);
  return Number.isNaN(until) ? undefined : Math.ceil((until - now.getTime()) / 1000);
}

/** Severity and code of the issues of an outcome; diagnostics may speak of persons and are left out. */
function issuesOf(text: string): string {
  const read = outcome.safeParse(parsed(text));
  if (!read.success) return '';
  return read.data.issue
    .slice(0, 5)
    .map(({ severity, code }) => `${severity} ${code ?? ''}`.trim())
    .join(', ');
}

/** How many issues of outcomes (NDJSON) are errors. */
export function errorsIn(ndjson: string): number {
  return ndjson
    .split('\n')
    .map((line) => outcome.safeParse(parsed(line)))
    .flatMap((read) => (read.success ? read.data.issue : []))
    .filter(({ severity }) => severity === 'error' || severity === 'fatal').length;
}

function nameOf(url: string): string {
  return url.split('?')[0]?.split('/').at(-1) ?? '';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
