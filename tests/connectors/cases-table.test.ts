import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { connectors } from '../../connectors/registry.ts';
import { casesIn, casesOfTests } from '../harness/case-titles.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const page = readFileSync(join(root, 'docs/connector-cases.md'), 'utf8');

/** Ways in that are no connectors, and the ready manifest that the cases name. */
const others = ['school-register', 'sftp', 's3', 'inbox', 'directory'];
const kinds = [...connectors.map(({ name }) => name), ...others];
const universe = casesIn('A01–A48 B01–B44 F01–F36 H01–H24 J06 J15');

/** What the page says of one kind, or of what several share. */
interface Section {
  readonly shares: readonly string[];
  /** By test file, the numbers it is to show. */
  readonly shown: readonly (readonly [file: string, cases: readonly string[]])[];
  readonly excused: readonly string[];
  /** Numbers that are excused without a word of why. */
  readonly mute: readonly string[];
}

const sections = new Map(
  page
    .split(/^### /m)
    .slice(1)
    .map((text) => [/^`([^`]+)`/.exec(text)?.[1] ?? '', sectionOf(text)] as const),
);

function sectionOf(whole: string): Section {
  const text = whole.split(/^## /m)[0] ?? '';
  const rows = text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, cases = '', words = '']) => [cases, words] as const);
  const excuses = rows.findIndex(([cases]) => cases === 'not applicable');
  const shown = rows.slice(0, excuses < 0 ? undefined : excuses);
  const excused = excuses < 0 ? [] : rows.slice(excuses);
  return {
    shares: quotedIn(/^Shares: .*$/m.exec(text)?.[0] ?? ''),
    shown: shown.flatMap(([cases, files]) =>
      quotedIn(files).map((file) => [file, casesIn(cases)] as const),
    ),
    excused: excused.flatMap(([cases]) => casesIn(cases)),
    mute: excused.filter(([, why]) => why.length < 5).flatMap(([cases]) => casesIn(cases)),
  };
}

function quotedIn(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
}

/** The sections of a kind: its own, and those it shares. */
function sectionsOf(kind: string): readonly Section[] {
  const own = sections.get(kind);
  if (own === undefined) return [];
  return [own, ...own.shares.flatMap((name) => sections.get(name) ?? [])];
}

/** Numbers in the titles of a test file, with those of the sweep that it runs. */
const titles = new Map<string, ReadonlySet<string>>();
function titlesOf(file: string): ReadonlySet<string> {
  const known = titles.get(file);
  if (known !== undefined) return known;
  const path = join(root, file);
  const sweep = [
    ...readFileSync(path, 'utf8').matchAll(/from '\.\.\/harness\/([a-z-]+sweep)\.ts'/g),
  ];
  const all = [path, ...sweep.map(([, name = '']) => join(root, 'tests/harness', `${name}.ts`))];
  const found = new Set(all.flatMap((one) => [...casesOfTests(one)]));
  titles.set(file, found);
  return found;
}

describe('docs/connector-cases.md', () => {
  it('has a section for every kind of the registry and every way in, and names no other section', () => {
    expect(kinds.filter((kind) => !sections.has(kind))).toEqual([]);
    const shared = [...sections.values()].flatMap(({ shares }) => shares);
    expect(shared.filter((name) => !sections.has(name))).toEqual([]);
    expect(
      [...sections.keys()].filter((name) => !kinds.includes(name) && !shared.includes(name)),
    ).toEqual([]);
  });

  it.each(kinds)('%s: every number is shown or excused, and none is both', (kind) => {
    const all = sectionsOf(kind);
    const shown = new Set(all.flatMap((one) => one.shown.flatMap(([, cases]) => cases)));
    const excused = new Set(all.flatMap((one) => one.excused));
    const neither = universe.filter((one) => !shown.has(one) && !excused.has(one));
    const both = universe.filter((one) => shown.has(one) && excused.has(one));
    expect({ neither, both, mute: all.flatMap(({ mute }) => mute) }).toEqual({
      ...{ neither: [], both: [], mute: [] },
    });
  });

  it.each([...sections])(
    '%s: what is shown stands in the titles of the named tests',
    (_, section) => {
      const missing = section.shown.flatMap(([file, cases]) => {
        if (!existsSync(join(root, file))) return [`${file} is not there`];
        return cases.filter((one) => !titlesOf(file).has(one)).map((one) => `${file}: ${one}`);
      });
      expect(missing).toEqual([]);
    },
  );

  it.each(connectors.map(({ name }) => name))('%s: the tests named for it speak of it', (kind) => {
    const files = (sections.get(kind)?.shown ?? []).map(([file]) => file);
    const own = files.filter((file) => file.startsWith('tests/connectors/'));
    expect(own.filter((file) => !speaksOf(file, kind))).toEqual([]);
  });
});

function speaksOf(file: string, kind: string): boolean {
  const text = readFileSync(join(root, file), 'utf8');
  return text.includes(`'${kind}'`) || text.includes(`connectors/${kind}/`);
}
