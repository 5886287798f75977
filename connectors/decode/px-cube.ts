import type { LandedFile } from '../../warehouse/decode-session.ts';
import type { Cube, CubeDimension, CubeMember } from './cube.ts';
import { fileTrouble } from './decode-trouble.ts';
import type { PxStatement } from './px-statements.ts';

/** What the statements of a PX file say. */
export interface PxTable {
  readonly cube: Cube;
  /** For a sparse file: whether the keys of its first variables are CODES or VALUES; else empty. */
  readonly keys: readonly string[];
}

/** Looks statements up, first in the wanted language, then in the file's main one. */
interface PxLookup {
  readonly values: (
    keyword: string,
    ...subjects: readonly string[]
  ) => readonly string[] | undefined;
  readonly first: (keyword: string, ...subjects: readonly string[]) => string;
}

/** Builds the cube of a PX file. Throws data `file-not-px`, `px-malformed`. */
export function pxCube(
  file: LandedFile,
  statements: readonly PxStatement[],
  language?: string,
): PxTable {
  const main = lookup(statements, '');
  const wanted = language === undefined ? main : lookup(statements, language.toLowerCase());
  const names = variablesOf(main);
  if (names.length === 0) throw fileTrouble('file-not-px', file, 'STUB, HEADING');
  const translated = variablesOf(wanted);
  const dimensions = names.map((name, k) =>
    dimensionOf(file, main, wanted, name, translated[k] ?? name),
  );
  const keys = names.map((name) => main.first('KEYS', name).toUpperCase());
  const sparse = keys.findIndex((key) => key === '');
  const decimals = Number(main.first('SHOWDECIMALS') || main.first('DECIMALS') || NaN);
  return {
    cube: {
      label: wanted.first('TITLE') || main.first('TITLE'),
      source: wanted.first('SOURCE') || main.first('SOURCE'),
      updated: main.first('LAST-UPDATED') || anySubject(statements, 'LAST-UPDATED'),
      unit: wanted.first('UNITS') || main.first('UNITS'),
      decimals: Number.isInteger(decimals) ? decimals : undefined,
      dimensions,
    },
    keys: keys.slice(0, sparse < 0 ? keys.length : sparse),
  };
}

function lookup(statements: readonly PxStatement[], language: string): PxLookup {
  const values: PxLookup['values'] = (keyword, ...subjects) =>
    statements.find(
      (one) =>
        one.keyword === keyword &&
        one.language === language &&
        one.subjects.length === subjects.length &&
        one.subjects.every((subject, index) => clean(subject) === clean(subjects[index] ?? '')),
    )?.values;
  return {
    values,
    first: (keyword, ...subjects) => clean(values(keyword, ...subjects)?.[0] ?? ''),
  };
}

function anySubject(statements: readonly PxStatement[], keyword: string): string {
  return statements.find((one) => one.keyword === keyword)?.values[0] ?? '';
}

/** Names of the variables in the order of the cells. Names may end with a blank in one statement and not in another. */
function variablesOf({ values }: PxLookup): readonly string[] {
  return [...(values('STUB') ?? []), ...(values('HEADING') ?? [])]
    .filter((name) => name !== '')
    .map(clean);
}

function dimensionOf(
  file: LandedFile,
  main: PxLookup,
  wanted: PxLookup,
  name: string,
  translated: string,
): CubeDimension {
  const texts = main.values('VALUES', name) ?? [];
  const labels = wanted.values('VALUES', translated) ?? texts;
  const codes = main.values('CODES', name) ?? texts;
  const isContents = main.first('CONTVARIABLE') === name;
  if (texts.length === 0 || codes.length !== texts.length || labels.length !== texts.length)
    throw fileTrouble(
      'px-malformed',
      file,
      `VALUES("${name}"): ${texts.length}, CODES: ${codes.length}`,
    );
  const eliminated = main.first('ELIMINATION', name);
  const members = texts.map((text, index): CubeMember => {
    const unit = isContents
      ? wanted.first('UNITS', labels[index] ?? '') || main.first('UNITS', text)
      : '';
    const precision = main.first('PRECISION', name, text);
    return {
      code: clean(codes[index] ?? text),
      label: clean(labels[index] ?? text),
      ...(unit === '' ? {} : { unit }),
      ...(precision === '' ? {} : { decimals: Number(precision) }),
      ...(clean(text) === eliminated ? { isTotal: true as const } : {}),
    };
  });
  return {
    code: main.first('VARIABLECODE', name) || name,
    label: translated,
    role: isContents ? 'metric' : roleOf(main, name),
    members,
  };
}

function roleOf(main: PxLookup, name: string): CubeDimension['role'] {
  const type = main.first('VARIABLE-TYPE', name).toUpperCase();
  if (main.values('TIMEVAL', name) !== undefined || /^T(IME)?$/.test(type)) return 'time';
  return main.values('MAP', name) !== undefined || /^G(EOGRAPHICAL)?$/.test(type)
    ? 'geo'
    : undefined;
}

/** A name or text as it is compared and shown: NFC, blanks at the ends and doubled ones left out. */
function clean(text: string): string {
  return text.normalize('NFC').replaceAll(/\s+/g, ' ').trim();
}
