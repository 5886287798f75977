import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import type { Problem, ProblemPath, TextPlace } from './problem.ts';

/** A manifest's text, read: its value, what is wrong with the YAML itself, and where everything stands. */
export interface YamlText {
  readonly value: unknown;
  readonly problems: readonly (Problem & TextPlace)[];
  /** The place of a path, or of the nearest member around it that is written down. */
  placeOf(problem: Pick<Problem, 'path' | 'atName'>): TextPlace;
}

/** Reads YAML 1.2 (core schema; aliases bounded, keys unique). It never throws. */
export function readYaml(text: string): YamlText {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    prettyErrors: false,
  });
  const place = (offset: number): TextPlace => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const problems = document.errors.map((error) => ({
    path: [],
    message: { vi: `YAML không đúng: ${error.message}`, en: `not YAML: ${error.message}` },
    ...place(error.pos[0]),
  }));
  return {
    value: problems.length > 0 ? undefined : valueOf(document),
    problems,
    placeOf: ({ path, atName }) => place(offsetOf(document, path, atName === true)),
  };
}

/** More aliases than this are a bomb, not a manifest. */
const mostAliases = 100;

function valueOf(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: mostAliases });
  } catch {
    return undefined;
  }
}

function offsetOf(document: Document, path: ProblemPath, atName: boolean): number {
  const parent = document.getIn(path.slice(0, -1), true);
  const name = path.at(-1);
  const pair = isMap(parent)
    ? parent.items.find(({ key }) => (isScalar(key) ? key.value === name : key === name))
    : undefined;
  if (atName && pair !== undefined) return startOf(pair.key) ?? 0;
  const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  const start = startOf(node);
  if (start !== undefined) return start;
  return path.length === 0 ? 0 : offsetOf(document, path.slice(0, -1), true);
}

function startOf(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined;
  const { range } = node as { readonly range?: readonly number[] | null };
  return range?.[0];
}
