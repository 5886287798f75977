import type { Json, JsonObject } from './json.ts';
import type { Localized } from './localized.ts';

/** A member that must be text; TypeError otherwise (a broken invariant, not bad input). */
export function textMember(object: JsonObject, name: string): string {
  const value = object[name];
  if (typeof value === 'string') return value;
  throw new TypeError(`member ${name} is not text`);
}

/** A member that may be text. */
export function optionalText(object: JsonObject, name: string): string | undefined {
  const value = object[name];
  return typeof value === 'string' ? value : undefined;
}

/** A member that is an object; an empty one where it is absent. */
export function objectMember(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  return isObject(value) ? value : {};
}

/** A member that may be a text in both languages; Vietnamese stands for a missing language. */
export function optionalLocalized(object: JsonObject, name: string): Localized | undefined {
  const text = objectMember(object, name);
  const vi = optionalText(text, 'vi');
  return vi === undefined ? undefined : { vi, en: optionalText(text, 'en') ?? vi };
}

/** A member that is a list of texts; empty where it is absent. */
export function textList(object: JsonObject, name: string): readonly string[] {
  const value = object[name];
  return isList(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** Plain data as JSON: drops undefined members, refuses nothing that JSON can hold. */
export function asJson(value: object): JsonObject {
  const json = JSON.parse(JSON.stringify(value)) as Json;
  return isObject(json) ? json : { items: json };
}

/** Whether a value that came as JSON is an object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
