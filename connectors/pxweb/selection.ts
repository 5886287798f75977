import type { PxwebTable } from './config.ts';
import { pxwebTrouble } from './pxweb-trouble.ts';

/** A variable as the source describes it now: its codes may be ordinals that mean something else tomorrow. */
export interface PxVariable {
  readonly code: string;
  readonly text: string;
  readonly values: readonly string[];
  readonly valueTexts: readonly string[];
}

/** Members asked for, by variable. */
export interface PxSelection {
  readonly code: string;
  readonly values: readonly string[];
  readonly texts: readonly string[];
}

/**
 * What is asked of a table: every member of every variable, or the configured ones, found by their printed text in the
 * description of this very run. Throws data `dimension-unknown`, `member-unknown`.
 */
export function selectionOf(
  table: PxwebTable,
  variables: readonly PxVariable[],
): readonly PxSelection[] {
  const wanted = new Map(
    Object.entries(table.select ?? {}).map(([name, texts]) => [
      variableNamed(table, variables, name),
      texts,
    ]),
  );
  return variables.map((variable) => {
    const texts = wanted.get(variable);
    if (texts === undefined)
      return { code: variable.code, values: variable.values, texts: variable.valueTexts };
    const places = texts.map((text) => placeOf(table, variable, text));
    return {
      code: variable.code,
      values: places.map((place) => variable.values[place] ?? ''),
      texts: places.map((place) => variable.valueTexts[place] ?? ''),
    };
  });
}

/** Parts of a selection, none of more than so many cells: the longest variable is halved until they fit. */
export function splitSelection(
  selection: readonly PxSelection[],
  maxCells: number,
): readonly (readonly PxSelection[])[] {
  const cells = selection.reduce((product, { values }) => product * values.length, 1);
  const longest = selection.reduce(
    (best, one, index) =>
      one.values.length > (selection[best]?.values.length ?? 0) ? index : best,
    0,
  );
  const most = selection[longest]?.values.length ?? 0;
  if (cells <= maxCells || most < 2) return [selection];
  const half = Math.ceil(most / 2);
  return [
    [0, half],
    [half, most],
  ].flatMap(([from, to]) =>
    splitSelection(
      selection.map((one, index) =>
        index === longest
          ? { ...one, values: one.values.slice(from, to), texts: one.texts.slice(from, to) }
          : one,
      ),
      maxCells,
    ),
  );
}

/** A printed text as it is compared: NFC, single blanks, lower case. */
export function sameText(text: string): string {
  return text.normalize('NFC').replaceAll(/\s+/g, ' ').trim().toLowerCase();
}

function variableNamed(
  table: PxwebTable,
  variables: readonly PxVariable[],
  name: string,
): PxVariable {
  const found = variables.find((one) =>
    [one.text, one.code].map(sameText).includes(sameText(name)),
  );
  if (found === undefined) throw pxwebTrouble('dimension-unknown', table.id, name);
  return found;
}

function placeOf(table: PxwebTable, variable: PxVariable, text: string): number {
  const place = variable.valueTexts.findIndex((one) => sameText(one) === sameText(text));
  if (place < 0) throw pxwebTrouble('member-unknown', table.id, `${variable.text}: ${text}`);
  return place;
}
