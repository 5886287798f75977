import { z } from 'zod';
import type { Localized } from '../../../core/localized.ts';
import { closestName } from './closest-name.ts';
import { suggestion, type Problem, type ProblemPath } from './problem.ts';

type Issue = z.core.$ZodIssue;
type SchemaNode = Readonly<Record<string, unknown>>;

/** Everything that the schema finds wrong, with the nearest known name for what was mistyped. */
export function schemaProblems(schema: z.ZodType, value: unknown): readonly Problem[] {
  const read = schema.safeParse(value);
  if (read.success) return [];
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as SchemaNode;
  return read.error.issues.flatMap((issue) => problemsOf(issue, [], json, value));
}

function problemsOf(
  issue: Issue,
  above: ProblemPath,
  json: SchemaNode,
  value: unknown,
): readonly Problem[] {
  const path = [...above, ...issue.path.map(step)];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownKey(key, path, json, value));
  if (issue.code === 'invalid_union') return unionProblems(issue, path, json, value);
  if (issue.code === 'invalid_value') return [wrongValue(issue.values.map(String), path, value)];
  return [{ path, message: wordsOf(issue, valueIn(value, path)) }];
}

function unknownKey(key: string, path: ProblemPath, json: SchemaNode, value: unknown): Problem {
  const known = membersAt(json, path, value);
  const offer = suggestion(closestName(key, known), known);
  return {
    path: [...path, key],
    atName: true,
    message: {
      vi: `không có mục “${key}”${offer.vi}`,
      en: `there is no member “${key}”${offer.en}`,
    },
  };
}

/** Of a union, the branch that comes nearest tells what is wrong; without one, the discriminator's values do. */
function unionProblems(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: ProblemPath,
  json: SchemaNode,
  value: unknown,
): readonly Problem[] {
  const { discriminator } = issue as { readonly discriminator?: string };
  if (discriminator !== undefined) {
    const place = path.at(-1) === discriminator ? path : [...path, discriminator];
    return [wrongValue(constantsAt(json, place.slice(0, -1), discriminator, value), place, value)];
  }
  const [nearest] = [...issue.errors].sort(
    (a, b) => weight(a, path, value) - weight(b, path, value),
  );
  return (nearest ?? []).flatMap((inner) => problemsOf(inner, path, json, value));
}

/** A branch whose very type is another is farther off than one with several smaller faults. */
function weight(issues: readonly Issue[], path: ProblemPath, value: unknown): number {
  const here = issues.some(({ code, path: at }) => at.length === 0 && code === 'invalid_type');
  return (here ? 1000 : 0) + issues.length + (valueIn(value, path) === undefined ? 1 : 0);
}

function wrongValue(known: readonly string[], path: ProblemPath, value: unknown): Problem {
  const found = valueIn(value, path);
  const given = typeof found === 'string' ? found : JSON.stringify(found);
  if (found === undefined) return { path, message: missing(known) };
  const offer = suggestion(closestName(given, known), known);
  return {
    path,
    message: {
      vi: `“${given}” không được dùng${offer.vi}`,
      en: `“${given}” is not possible${offer.en}`,
    },
  };
}

function missing(known: readonly string[]): Localized {
  const offer = suggestion(undefined, known);
  return { vi: `thiếu mục bắt buộc${offer.vi}`, en: `a required member is missing${offer.en}` };
}

const types: Readonly<Record<string, Localized>> = {
  string: { vi: 'chuỗi', en: 'a text' },
  number: { vi: 'số', en: 'a number' },
  int: { vi: 'số nguyên', en: 'a whole number' },
  boolean: { vi: 'true/false', en: 'true or false' },
  array: { vi: 'danh sách', en: 'a list' },
  object: { vi: 'nhóm mục', en: 'an object' },
  record: { vi: 'nhóm mục', en: 'an object' },
};

function wordsOf(issue: Issue, found: unknown): Localized {
  if (issue.code === 'invalid_type') {
    if (found === undefined) return missing([]);
    const wanted = types[issue.expected] ?? { vi: issue.expected, en: issue.expected };
    return { vi: `phải là ${wanted.vi}`, en: `has to be ${wanted.en}` };
  }
  if (issue.code === 'too_small')
    return { vi: `phải từ ${issue.minimum} trở lên`, en: `has to be at least ${issue.minimum}` };
  if (issue.code === 'too_big')
    return { vi: `nhiều nhất là ${issue.maximum}`, en: `can be at most ${issue.maximum}` };
  return { vi: `sai dạng: ${issue.message}`, en: `wrong form: ${issue.message}` };
}

function step(key: PropertyKey): string | number {
  return typeof key === 'number' ? key : String(key);
}

/** The value at a path; undefined where there is none. */
export function valueIn(value: unknown, path: ProblemPath): unknown {
  return path.reduce<unknown>(
    (here, key) =>
      typeof here === 'object' && here !== null
        ? (here as Readonly<Record<string | number, unknown>>)[key]
        : undefined,
    value,
  );
}

function membersAt(json: SchemaNode, path: ProblemPath, value: unknown): readonly string[] {
  const nodes = nodesAt(json, path, value);
  return [...new Set(nodes.flatMap((node) => Object.keys(asNode(node['properties']))))];
}

function constantsAt(
  json: SchemaNode,
  path: ProblemPath,
  member: string,
  value: unknown,
): readonly string[] {
  return nodesAt(json, path, value, false).flatMap((node) => {
    const { const: one } = asNode(asNode(node['properties'])[member]);
    return typeof one === 'string' ? [one] : [];
  });
}

/** The schema nodes that a path leads to; of a union those branches whose constants fit what was given. */
function nodesAt(
  json: SchemaNode,
  path: ProblemPath,
  value: unknown,
  fitting = true,
): readonly SchemaNode[] {
  let nodes = branches(json, value, true);
  path.forEach((key, index) => {
    const here = valueIn(value, path.slice(0, index + 1));
    const choose = fitting || index < path.length - 1;
    nodes = nodes.flatMap((node) => branches(childOf(node, key), here, choose));
  });
  return nodes;
}

function childOf(node: SchemaNode, key: string | number): SchemaNode {
  if (typeof key === 'number') return asNode(node['items']);
  const own = asNode(node['properties'])[key];
  return asNode(own ?? node['additionalProperties']);
}

function branches(node: SchemaNode, value: unknown, choose: boolean): readonly SchemaNode[] {
  const options = [node['anyOf'], node['oneOf']].flatMap((list) =>
    Array.isArray(list) ? list.map(asNode) : [],
  );
  if (options.length === 0) return [node];
  const fit = options.filter((option) => !choose || constantsFit(option, value));
  return (fit.length > 0 ? fit : options).flatMap((option) => branches(option, value, choose));
}

function constantsFit(node: SchemaNode, value: unknown): boolean {
  return Object.entries(asNode(node['properties'])).every(([name, child]) => {
    const { const: wanted } = asNode(child);
    return wanted === undefined || valueIn(value, [name]) === wanted;
  });
}

function asNode(value: unknown): SchemaNode {
  return typeof value === 'object' && value !== null ? (value as SchemaNode) : {};
}
