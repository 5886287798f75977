import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { manifest } from '../../connectors/manifest/connector.ts';
import {
  problemText,
  readManifest,
  readManifestText,
} from '../../connectors/manifest/document/read-manifest.ts';
import { pathText } from '../../connectors/manifest/document/problem.ts';
import { readyManifest, readyManifests } from '../../connectors/manifest/ready-manifest.ts';

const given = { base: 'http://x.example/', user: 'u', publisher: 'p', asset: 'mart.x', key: 'k' };
const valuesFor = (name: string) =>
  Object.fromEntries(
    Object.entries(given).filter(([key]) => readyManifest(name)?.includes(`config.${key}`)),
  );

const told = (text: string) => {
  const read = readManifestText(text, { values: valuesFor('hotline-1022') });
  return read.ok ? [] : read.problems.map(problemText);
};
const hotline = readyManifest('hotline-1022') ?? '';

describe('problems of a manifest', () => {
  it('are told all together, with line, column and the nearest known name', () => {
    const spoiled = hotline
      .replace('kind: session', 'kind: sesion')
      .replace('granularity: P1D', 'granularty: P1D')
      .replace('classification: public', 'classification: pubic')
      .replace('key: [report_code]', 'key: report_code');
    const lineOf = (word: string) =>
      spoiled.split('\n').findIndex((line) => line.includes(word)) + 1;
    const problems = told(spoiled);
    expect(problems).toEqual([
      expect.stringMatching(
        new RegExp(`^${lineOf('sesion')}:9 authentication.kind: .*did you mean “session”`),
      ),
      expect.stringMatching(
        new RegExp(
          `^${lineOf('granularty')}:7 streams\\[0\\].incremental.granularty: .*“granularity”`,
        ),
      ),
      expect.stringMatching(
        new RegExp(
          `^${lineOf('pubic')}:25 streams\\[0\\].columns\\[0\\].classification: .*“public”`,
        ),
      ),
      expect.stringMatching(
        new RegExp(`^${lineOf('key: report_code')}:10 streams\\[0\\].key: .*has to be a list`),
      ),
    ]);
  });

  it('are told of references: settings, secrets, columns, dictionaries, filters', () => {
    const problems = told(
      hotline
        .replace('{{ config.user }}', '{{ config.usr }}')
        .replace('{{ secret.password }}', '{{ secret.passwort }}')
        .replace('{{ page.number }}', '{{ page.nummer }}')
        .replace('dictionary: hotline_status', 'dictionary: hotline_stats')
        .replace('publishedAt: updated_at', 'publishedAt: updatedat'),
    );
    for (const nearest of ['user', 'password', 'number', 'hotline_status', 'updated_at'])
      expect(problems.join('\n')).toContain(`did you mean “${nearest}”`);
    expect(problems.every((problem) => /^\d+:\d+ /.test(problem))).toBe(true);
  });

  it.each([
    [
      'a secret in an address',
      'path: phan-anh',
      "path: 'phan-anh/{{ secret.password }}'",
      /may not stand in an address/,
    ],
    ['code in braces', 'path: phan-anh', "path: 'phan-anh/{{ 1 + 1 }}'", /is not root.name/],
    ['an unknown filter', '{{ window.from }}', '{{ window.from | eval(1) }}', /no such filter/],
    [
      'a base that depends on a run',
      "base: '{{ config.base }}'",
      "base: '{{ window.from }}'",
      /only {{ config/,
    ],
    ['a pattern that is none', "'[0-9]{5}'", "'[0-9'", /not a regular expression/],
    [
      'a zone that is none',
      "format: '%d/%m/%Y'\n",
      "format: '%d/%m/%Y'\n      zone: Asia/Hanoi\n",
      /no time zone “Asia\/Hanoi”/,
    ],
    ['a duration that is none', 'lookBack: P3D', 'lookBack: 3 days', /ISO 8601/],
    ['a page that nobody asks for', "trang: '{{ page.number }}'", "trang: '1'", /no request uses/],
    ['two columns of one name', 'name: field_name', 'name: report_code', /is there already/],
    ['YAML that is none', 'manifest: 1', 'manifest: [1', /not YAML/],
    ['a key twice', 'manifest: 1', 'manifest: 1\nmanifest: 1', /not YAML/],
    [
      'a path that is none',
      'records: duLieu.danhSach',
      'records: duLieu..danhSach',
      /is not a path/,
    ],
  ])('%s is refused with its place', (_name, from, to, message) => {
    expect(hotline).toContain(from);
    const problems = told(hotline.replace(from, to));
    expect(problems.join('\n')).toMatch(message);
    expect(problems.join('\n')).toMatch(/^\d+:\d+/);
  });

  it('a billion laughs in YAML ends in a problem', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let n = 1; n < 9; n += 1)
      lines.push(
        `a${n}: &a${n} [${Array(9)
          .fill(`*a${n - 1}`)
          .join(', ')}]`,
      );
    expect(told(lines.join('\n')).length).toBeGreaterThan(0);
  });

  it('the JSON Schema of the connector has the members of a manifest', () => {
    const schema = z.toJSONSchema(manifest.config, { io: 'input', unrepresentable: 'any' });
    expect(schema).toMatchObject({
      document: 'yaml',
      required: expect.arrayContaining(['streams', 'base']) as unknown,
    });
    expect(Object.keys(schema.properties ?? {})).toEqual(
      expect.arrayContaining(['authentication', 'rate', 'streams']),
    );
  });
});

type Node = Record<string, unknown>;
type Path = readonly (string | number)[];
type SchemaNode = Readonly<Record<string, unknown>>;

/** Every way to spoil a value by the rules of its own schema: a required member lost, a wrong type, a wrong word. */
function* mutations(
  schema: SchemaNode,
  value: unknown,
  path: Path,
): Generator<readonly [string, Path, (root: unknown) => unknown]> {
  const node = branchOf(schema, value);
  if (node['const'] !== undefined || Array.isArray(node['enum']))
    yield ['value', path, (root) => put(root, path, 'khong-co-gia-tri-nay')];
  if (typeof node['type'] === 'string' && path.length > 0)
    yield [
      'type',
      path,
      (root) =>
        put(root, path, node['type'] === 'object' || node['type'] === 'array' ? 7.5 : { x: {} }),
    ];
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const [n, item] of value.slice(0, 2).entries())
      yield* mutations((node['items'] ?? {}) as SchemaNode, item, [...path, n]);
    return;
  }
  for (const name of (node['required'] ?? []) as string[])
    if (name in value)
      yield ['required', [...path, name], (root) => put(root, [...path, name], undefined)];
  const properties = (node['properties'] ?? {}) as Record<string, SchemaNode>;
  if (node['additionalProperties'] === false)
    yield ['unknown', [...path, 'khong_co'], (root) => put(root, [...path, 'khong_co'], 1)];
  for (const [name, item] of Object.entries(value))
    yield* mutations(
      properties[name] ??
        (typeof node['additionalProperties'] === 'object'
          ? (node['additionalProperties'] as SchemaNode)
          : {}),
      item,
      [...path, name],
    );
}

function branchOf(schema: SchemaNode, value: unknown): SchemaNode {
  const options = (schema['oneOf'] ?? schema['anyOf']) as readonly SchemaNode[] | undefined;
  if (options === undefined) return schema;
  const fits = options.find(
    (option) =>
      Object.entries((option['properties'] ?? {}) as Record<string, SchemaNode>).every(
        ([name, child]) =>
          child['const'] === undefined || (value as Node | undefined)?.[name] === child['const'],
      ) && typeFits(option, value),
  );
  return fits ?? {};
}

function typeFits({ type }: SchemaNode, value: unknown): boolean {
  if (type === undefined) return true;
  const is = Array.isArray(value)
    ? 'array'
    : typeof value === 'number' && Number.isInteger(value)
      ? 'integer'
      : typeof value;
  return type === is || (type === 'number' && is === 'integer');
}

function put(root: unknown, path: Path, value: unknown): unknown {
  const copy = structuredClone(root);
  const last = path.at(-1) ?? '';
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((here, step) => (here as Node)[step], copy) as Node;
  if (value === undefined) Reflect.deleteProperty(parent, last);
  else parent[last] = value;
  return copy;
}

describe('manifests spoiled by the rules of their own schema', () => {
  const schema = z.toJSONSchema(manifest.config, {
    io: 'input',
    unrepresentable: 'any',
  }) as SchemaNode;

  it.each(readyManifests)('%s: every mutation is refused at its place', (name) => {
    const root = { ...(parse(readyManifest(name) ?? '') as Node), values: valuesFor(name) };
    expect(readManifest(root).ok).toBe(true);
    const survived: string[] = [];
    const kinds = new Map<string, number>();
    for (const [kind, path, spoil] of mutations(schema, root, [])) {
      const read = readManifestText(stringify(spoil(root)));
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      const places = read.ok ? [] : read.problems.map((problem) => pathText(problem.path));
      const text = pathText(path);
      const near = places.some(
        (place) => place === text || text.startsWith(place) || place.startsWith(text),
      );
      if (read.ok || !near) survived.push(`${kind} ${text}: ${places.join(' | ')}`);
    }
    expect(survived).toEqual([]);
    for (const kind of ['required', 'type', 'value', 'unknown'])
      expect([kind, (kinds.get(kind) ?? 0) > 0]).toEqual([kind, true]);
  });
});
