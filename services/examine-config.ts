import { z } from 'zod';
import type { Connector } from '../connectors/port.ts';
import type { PlacedProblem } from '../connectors/manifest/document/read-manifest.ts';
import { pathText } from '../connectors/manifest/document/problem.ts';
import { schemaProblems } from '../connectors/manifest/document/schema-problems.ts';
import type { JsonObject } from '../core/json.ts';
import type { Localized } from '../core/localized.ts';

/** What a connector's own schema puts beside an issue: the problem as its document tells it. */
const placed = z.object({
  problem: z.object({
    path: z.array(z.union([z.string(), z.number()])),
    message: z.object({ vi: z.string(), en: z.string() }),
    line: z.number().exactOptional(),
    column: z.number().exactOptional(),
  }),
});

/**
 * Everything that is wrong with a configuration, all at once: each problem with its place in the configuration, with
 * line and column where it was written as a document, and with the nearest known name. Empty where it is right.
 */
export function configProblems(
  { config: schema }: Pick<Connector, 'config'>,
  given: JsonObject,
): readonly PlacedProblem[] {
  const read = schema.safeParse(given);
  if (read.success) return [];
  const own = read.error.issues.flatMap((issue) => {
    const known = placed.safeParse('params' in issue ? issue.params : undefined);
    return known.success ? [known.data.problem] : [];
  });
  return own.length > 0 ? own : schemaProblems(schema, given);
}

/** The problems as one sentence: `5:1 streems: there is no member …; …`. */
export function problemsText(problems: readonly PlacedProblem[]): Localized {
  const told = (language: 'vi' | 'en') =>
    problems
      .map(({ path, line, column, message }) => {
        const place = line === undefined ? '' : `${line}:${column ?? 1} `;
        return `${place}${pathText(path) || '(config)'}: ${message[language]}`;
      })
      .join('; ');
  return { vi: told('vi'), en: told('en') };
}
