import type { Localized } from '../../../core/localized.ts';

/** Where in a manifest, as members and indexes. */
export type ProblemPath = readonly (string | number)[];

/** One thing wrong with a manifest. */
export interface Problem {
  readonly path: ProblemPath;
  readonly message: Localized;
  /** Whether the place is the name of the member itself rather than its value. */
  readonly atName?: boolean;
}

/** A place in the text of a manifest, from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** `streams[0].columns[2].type` */
export function pathText(path: ProblemPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

/** The sentence that offers the nearest known name, or lists what there is. */
export function suggestion(closest: string | undefined, known: readonly string[]): Localized {
  if (closest !== undefined)
    return { vi: `; có phải “${closest}”?`, en: `; did you mean “${closest}”?` };
  if (known.length === 0 || known.length > 25) return { vi: '', en: '' };
  return { vi: `; có: ${known.join(', ')}`, en: `; there are: ${known.join(', ')}` };
}
