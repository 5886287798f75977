import { readFile } from 'node:fs/promises';
import { parse as parseYaml } from 'yaml';
import type { Json, JsonObject } from '../core/json.ts';
import { isObject } from '../core/json-member.ts';
import { member, textAt } from './reading.ts';
import { usageError } from './usage-error.ts';

/** A configuration file, YAML or JSON. Throws PhusaError `wrong-usage` when it cannot be read as an object. */
export async function readConfigFile(path: string): Promise<JsonObject> {
  const text = await readTextFile(path);
  const value = parseConfig(path, text);
  if (isObject(value)) return value;
  throw unreadable(path, 'not an object');
}

/** A file's text. Throws PhusaError `wrong-usage` when it cannot be read. */
export async function readTextFile(path: string): Promise<string> {
  return (await readBytes(path)).toString('utf8');
}

/** The bytes of a file the person named; a usage error where it cannot be read. */
export async function readBytes(path: string): Promise<Buffer> {
  return await readFile(path).catch((cause: unknown) => {
    throw unreadable(path, cause instanceof Error ? cause.message : String(cause));
  });
}

/**
 * `key=value` pairs as configuration: `a.b=1` makes members within members. A value takes the type that the connector's
 * JSON Schema declares for it; a text stays a text, so that codes keep their leading zeros.
 */
export function configFromPairs(pairs: readonly string[], schema: Json | undefined): JsonObject {
  return pairs.reduce<JsonObject>((config, pair) => {
    const [key, value] = splitPair(pair);
    const path = key.split('.');
    return withMember(config, path, typed(value, schemaAt(schema, path)));
  }, {});
}

/** `name=value`. Throws PhusaError `wrong-usage` without `=`. */
export function splitPair(pair: string): readonly [string, string] {
  const at = pair.indexOf('=');
  if (at < 1) {
    throw usageError({
      vi: `“${pair}” không có dạng tên=giá trị.`,
      en: `“${pair}” is not of the form name=value.`,
    });
  }
  return [pair.slice(0, at), pair.slice(at + 1)];
}

function withMember(config: JsonObject, path: readonly string[], value: Json): JsonObject {
  const [name = '', ...rest] = path;
  if (rest.length === 0) return { ...config, [name]: value };
  const inner = config[name];
  return { ...config, [name]: withMember(isObject(inner) ? inner : {}, rest, value) };
}

function typed(text: string, schema: Json | undefined): Json {
  const type = textAt(schema, 'type');
  if (type === 'string') return text;
  const declared = type !== undefined;
  const looksLikeJson = /^(true|false|null|-?(0|[1-9]\d{0,14})(\.\d+)?|[[{].*[\]}])$/s.test(text);
  if (!declared && !looksLikeJson) return text;
  try {
    const value: unknown = JSON.parse(text);
    return isJson(value) ? value : text;
  } catch {
    return text;
  }
}

function schemaAt(schema: Json | undefined, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (here, name) => member(member(here, 'properties'), name),
    schema,
  );
}

function parseConfig(path: string, text: string): unknown {
  try {
    return parseYaml(text, { schema: 'core', maxAliasCount: 100 });
  } catch (error) {
    throw unreadable(path, error instanceof Error ? error.message : String(error));
  }
}

function isJson(value: unknown): value is Json {
  return value !== undefined;
}

function unreadable(path: string, why: string): Error {
  return usageError({
    vi: `Không đọc được tệp “${path}”: ${why}`,
    en: `The configuration file “${path}” cannot be read: ${why}`,
  });
}
