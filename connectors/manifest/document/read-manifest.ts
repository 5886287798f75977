import { manifestSchema, type Manifest } from '../schema/manifest-schema.ts';
import { pathText, type Problem, type TextPlace } from './problem.ts';
import { referenceProblems } from './reference-problems.ts';
import { schemaProblems } from './schema-problems.ts';
import { readYaml, type YamlText } from './yaml-text.ts';

/** A problem with its place in the text, where there is a text. */
export type PlacedProblem = Problem & Partial<TextPlace>;

/** A manifest, or everything that is wrong with it. */
export type ManifestReading =
  | { readonly ok: true; readonly manifest: Manifest }
  | { readonly ok: false; readonly problems: readonly PlacedProblem[] };

/** Reads a manifest from its text; `changes` (values, networks) are laid over it. All problems come together. */
export function readManifestText(
  text: string,
  changes: Readonly<Record<string, unknown>> = {},
): ManifestReading {
  const yaml = readYaml(text);
  if (yaml.problems.length > 0) return { ok: false, problems: yaml.problems };
  return placed(readManifest(overlaid(yaml.value, changes)), yaml);
}

/** Reads a manifest that is parsed already. */
export function readManifest(value: unknown): ManifestReading {
  const wrong = schemaProblems(manifestSchema, value);
  if (wrong.length > 0) return { ok: false, problems: wrong };
  const manifest = manifestSchema.parse(value);
  const problems = referenceProblems(manifest);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, manifest };
}

/** `12:5 streams[0].key: …`, in both languages. */
export function problemText({ path, message, line, column }: PlacedProblem): string {
  const where = [line === undefined ? '' : `${line}:${column ?? 1}`, pathText(path)].filter(
    Boolean,
  );
  const both = message.vi === message.en ? message.vi : `${message.vi} / ${message.en}`;
  return `${where.join(' ')}${where.length > 0 ? ': ' : ''}${both}`;
}

function placed(reading: ManifestReading, yaml: YamlText): ManifestReading {
  if (reading.ok) return reading;
  const problems = reading.problems
    .map((problem) => ({ ...problem, ...yaml.placeOf(problem) }))
    .sort((a, b) => a.line - b.line || a.column - b.column);
  return { ok: false, problems };
}

function overlaid(value: unknown, changes: Readonly<Record<string, unknown>>): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const manifest = value as Readonly<Record<string, unknown>>;
  const { values, ...rest } = changes;
  const own = manifest['values'];
  const merged = isObject(own) && isObject(values) ? { ...own, ...values } : (values ?? own);
  return { ...manifest, ...rest, ...(merged === undefined ? {} : { values: merged }) };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
