import { createHash } from 'node:crypto';
import { valueAt } from '../decode/document-path.ts';
import { textOf } from './answer-judgement.ts';
import type { ManifestService } from './manifest-service.ts';
import { manifestTrouble } from './manifest-trouble.ts';
import type { Job } from './schema/reading-schema.ts';
import type { ManifestStream } from './schema/stream-schema.ts';
import type { Scope, TemplateValue } from './template.ts';

/** A finished export: the addresses of its files, and what `{{ job.… }}` stands for. */
export interface FinishedJob {
  readonly files: readonly string[];
  readonly scope: Readonly<Record<string, TemplateValue>>;
}

/**
 * Asks the source for an export and waits until it is done. `{{ job.key }}` is the same for the same work, so that a
 * source that takes an idempotency key makes one job of a request that was sent twice (A48).
 * Throws data `job-failed`, retriable `job-timeout`.
 */
export async function runJob(
  service: ManifestService,
  stream: ManifestStream,
  job: Job,
  scope: Scope,
  key: string,
): Promise<FinishedJob> {
  const known = {
    key: createHash('sha256').update(`${service.context.source} ${key}`).digest('hex').slice(0, 32),
  };
  const created = await service.ask(stream, job.create, { ...scope, job: known }, [202]);
  const id = job.id === undefined ? undefined : textOf(valueAt(created.document, job.id));
  const location = created.headers[job.location?.toLowerCase() ?? ''];
  if (id === undefined && location === undefined)
    throw manifestTrouble('job-failed', `${stream.stream}: ${job.id ?? job.location ?? 'id'}`);
  const named = { ...known, ...(id === undefined ? {} : { id }) };
  const status = location === undefined ? job.status : { ...job.status, path: location };
  const document = await finished(service, stream, job, status, { ...scope, job: named });
  return { files: filesOf(job, document), scope: named };
}

async function finished(
  service: ManifestService,
  stream: ManifestStream,
  job: Job,
  status: Job['status'],
  scope: Scope,
): Promise<unknown> {
  for (let waited = 0; waited <= job.mostSeconds; waited += job.everySeconds) {
    const answer = await service.ask(stream, status, scope, [202]);
    const said =
      job.statusPath === undefined
        ? String(answer.status)
        : textOf(valueAt(answer.document, job.statusPath));
    if (said !== undefined && job.done.includes(said)) return answer.document;
    if (said !== undefined && job.failed.includes(said))
      throw manifestTrouble('job-failed', `${stream.stream}: ${said}`);
    await service.context.http.pause(job.everySeconds * 1000);
  }
  throw manifestTrouble('job-timeout', `${stream.stream}: ${job.mostSeconds} s`);
}

function filesOf({ file }: Job, document: unknown): readonly string[] {
  if (file === undefined) return [];
  const found = valueAt(document, file);
  const files = (Array.isArray(found) ? (found as unknown[]) : [found]).flatMap(
    (one) => textOf(one) ?? [],
  );
  if (files.length === 0) throw manifestTrouble('job-failed', file);
  return files;
}
