import { z } from 'zod';
import type { JsonObject } from '../../core/json.ts';
import { closestName } from './document/closest-name.ts';
import {
  problemText,
  readManifest,
  readManifestText,
  type ManifestReading,
} from './document/read-manifest.ts';
import { suggestion } from './document/problem.ts';
import { readyManifest, readyManifests } from './ready-manifest.ts';
import { manifestSchema, type Manifest } from './schema/manifest-schema.ts';

const documentShape = z.object({
  yaml: z.string().exactOptional(),
  ready: z.string().exactOptional(),
});

/**
 * The configuration is the manifest itself. It may be given as an object, as `{yaml: text}` (problems are then told
 * with line and column), or as `{ready: name}`, each with `values` and `networks` laid over it; what is kept is always
 * the whole manifest, so that a later release of a ready one changes no source.
 */
export const manifestConfig = z
  .preprocess(unwrapped, manifestSchema)
  .meta({ title: 'Manifest', document: 'yaml' }) satisfies z.ZodType<JsonObject>;

function unwrapped(given: unknown, context: z.RefinementCtx): unknown {
  const reading = read(given, context);
  if (reading === undefined) return z.NEVER;
  if (reading.ok) return reading.manifest satisfies Manifest;
  for (const problem of reading.problems) {
    context.addIssue({
      code: 'custom',
      // The text tells the place itself, with line and column.
      path: problem.line === undefined ? [...problem.path] : [],
      message: problemText(problem.line === undefined ? { ...problem, path: [] } : problem),
      params: { problem },
    });
  }
  return z.NEVER;
}

function read(given: unknown, context: z.RefinementCtx): ManifestReading | undefined {
  const document = documentShape.safeParse(given);
  const { yaml, ready } = document.success ? document.data : {};
  if (yaml === undefined && ready === undefined) return readManifest(given);
  const changes = changesOf(given);
  if (yaml !== undefined) return readManifestText(yaml, changes);
  const text = readyManifest(ready ?? '');
  if (text !== undefined) return readManifestText(text, changes);
  const offer = suggestion(closestName(ready ?? '', readyManifests), readyManifests);
  const message = {
    vi: `không có manifest “${ready ?? ''}”${offer.vi}`,
    en: `there is no manifest “${ready ?? ''}”${offer.en}`,
  };
  context.addIssue({
    code: 'custom',
    path: ['ready'],
    message: `${message.vi} / ${message.en}`,
    params: { problem: { path: ['ready'], message } },
  });
  return undefined;
}

function changesOf(given: unknown): Readonly<Record<string, unknown>> {
  const members = Object.entries(given ?? {});
  return Object.fromEntries(members.filter(([name]) => name !== 'yaml' && name !== 'ready'));
}
