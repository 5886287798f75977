import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { z } from 'zod';
import { pathText, type ProblemPath } from '../../connectors/manifest/document/problem.ts';
import { readManifestText } from '../../connectors/manifest/document/read-manifest.ts';
import { schemaProblems } from '../../connectors/manifest/document/schema-problems.ts';
import { manifestSchema } from '../../connectors/manifest/schema/manifest-schema.ts';

type Node = Readonly<Record<string, unknown>>;
type Value = string | number | boolean | null | Value[] | { [name: string]: Value };

const root = z.toJSONSchema(manifestSchema, { io: 'input', unrepresentable: 'any' }) as Node;

/** Texts of which at least one fits each pattern of the schema. */
const texts = [
  ...['x', 'một', 'a-b', 'P1D', '2026-01-01', 'http://x.example/', '10.0.0.0/8', 'varchar'],
  ...['-----BEGIN CERTIFICATE-----', 'decimal(9,2)', '*', 'xx', 'a.b', '1', '{{ config.x }}'],
];

const children = (node: Node, name: string): readonly Node[] =>
  Array.isArray(node[name]) ? (node[name] as Node[]) : [];
const branches = (node: Node) => [...children(node, 'anyOf'), ...children(node, 'oneOf')];
const properties = (node: Node) =>
  Object.entries((node['properties'] ?? {}) as Record<string, Node>);
const requiredOf = (node: Node) => (node['required'] ?? []) as string[];

/** A value that a schema takes, with the members its rule must have. */
function least(node: Node): Value {
  const [branch] = branches(node);
  if (branch) return least(branch);
  if (node['const'] !== undefined) return node['const'] as Value;
  if (Array.isArray(node['enum'])) return node['enum'][0] as Value;
  switch (node['type']) {
    case 'object': {
      const needed = requiredOf(node);
      const members = properties(node).filter(([name]) => needed.includes(name));
      return Object.fromEntries(members.map(([name, inner]) => [name, least(inner)]));
    }
    case 'array':
      return Number(node['minItems'] ?? 0) > 0 ? [least(node['items'] as Node)] : [];
    case 'string':
      return texts.find((text) => fits(node, text)) ?? 'x';
    case 'integer':
    case 'number':
      return Math.max(Number(node['minimum'] ?? 1), 1);
    case 'boolean':
      return true;
    default:
      return 'x';
  }
}

function fits({ pattern, minLength = 0, maxLength = 1e9 }: Node, text: string): boolean {
  const length = text.length >= Number(minLength) && text.length <= Number(maxLength);
  return length && (typeof pattern !== 'string' || new RegExp(pattern, 'u').test(text));
}

/** One rule of the schema at one place, a manifest that keeps it, and the same manifest breaking it. */
interface Mutation {
  readonly rule: string;
  readonly path: ProblemPath;
  readonly kept: Value;
  readonly broken: Value;
}

/** Every rule under a node; `around` puts a value of the node into a whole manifest. */
function mutationsOf(
  node: Node,
  path: ProblemPath,
  around: (value: Value) => Value,
): readonly Mutation[] {
  const unions = branches(node);
  if (unions.length > 0)
    return [
      ...wrongType(node, path, around),
      ...unions.flatMap((branch) => mutationsOf(branch, path, around)),
    ];
  const own = [...wrongType(node, path, around), ...wrongValue(node, path, around)];
  if (node['type'] === 'array' && node['items'] !== undefined)
    return [...own, ...mutationsOf(node['items'] as Node, [...path, 0], (item) => around([item]))];
  if (node['type'] !== 'object') return own;
  const whole = least(node) as { [name: string]: Value };
  const removed = requiredOf(node).map((name) => {
    const rest = Object.fromEntries(Object.entries(whole).filter(([member]) => member !== name));
    return { rule: `required ${name}`, path, kept: around(whole), broken: around(rest) };
  });
  const strange =
    node['additionalProperties'] === false
      ? [
          {
            rule: 'additionalProperties',
            path,
            kept: around(whole),
            broken: around({ ...whole, la_lam: 1 }),
          },
        ]
      : [];
  const inner = properties(node).flatMap(([name, child]) =>
    mutationsOf(child, [...path, name], (value) => around({ ...whole, [name]: value })),
  );
  return [...own, ...removed, ...strange, ...inner];
}

function wrongType(
  node: Node,
  path: ProblemPath,
  around: (value: Value) => Value,
): readonly Mutation[] {
  const kept = least(node);
  const taken = new Set([node, ...branches(node)].map((one) => one['type']));
  if (taken.size === 1 && taken.has(undefined)) return [];
  const wrong: Value = taken.has('object') || taken.has('string') ? [[1]] : { sai: [1] };
  return [{ rule: 'type', path, kept: around(kept), broken: around(wrong) }];
}

function wrongValue(
  node: Node,
  path: ProblemPath,
  around: (value: Value) => Value,
): readonly Mutation[] {
  const listed = node['enum'] ?? (node['const'] === undefined ? undefined : [node['const']]);
  if (!Array.isArray(listed)) return [];
  const [first] = listed as Value[];
  const broken = typeof first === 'string' ? `${first}zz` : 987;
  return [{ rule: 'enum', path, kept: around(first ?? null), broken: around(broken) }];
}

const mutations = mutationsOf(root, [], (value) => value);
const textPaths = (value: Value) =>
  new Set(schemaProblems(manifestSchema, value).map(({ path }) => pathText(path)));

describe('B27–B29 a manifest spoiled by the schema’s own rules', () => {
  it('covers every kind of rule many times', () => {
    const count = (rule: string) => mutations.filter((one) => one.rule.startsWith(rule)).length;
    expect(count('required')).toBeGreaterThan(60);
    expect(count('type')).toBeGreaterThan(200);
    expect(count('enum')).toBeGreaterThan(40);
    expect(count('additionalProperties')).toBeGreaterThan(20);
  });

  it('is refused at the place that was spoiled, with line, column and a remedy in both languages', () => {
    const missed: string[] = [];
    for (const { rule, path, kept, broken } of mutations) {
      const before = textPaths(kept);
      const name = `${rule} at ${pathText(path) || '(whole)'}`;
      const read = readManifestText(stringify(broken));
      if (read.ok) {
        missed.push(`${name}: taken`);
        continue;
      }
      const found = read.problems.find(
        (problem) =>
          pathText(problem.path).startsWith(pathText(path)) && !before.has(pathText(problem.path)),
      );
      const there =
        found ?? read.problems.find((problem) => pathText(problem.path) === pathText(path));
      if (!there)
        missed.push(
          `${name}: told at ${read.problems.map(({ path: at }) => pathText(at)).join(', ')}`,
        );
      else if ((there.line ?? 0) < 1 || (there.column ?? 0) < 1) missed.push(`${name}: no place`);
      else if (there.message.vi === '' || there.message.en === '') missed.push(`${name}: no words`);
    }
    expect(missed).toEqual([]);
  });
});
