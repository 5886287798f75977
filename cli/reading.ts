import { isObject } from '../core/json-member.ts';
import type { Json } from '../core/json.ts';
import type { Language } from '../core/localized.ts';

/** A member of an object; undefined when there is none. */
export function member(value: Json | undefined, name: string): Json | undefined {
  return isObject(value) ? value[name] : undefined;
}

/** A text member. */
export function textAt(value: Json | undefined, name: string): string | undefined {
  const found = member(value, name);
  return typeof found === 'string' ? found : undefined;
}

/** A number member. */
export function numberAt(value: Json | undefined, name: string): number | undefined {
  const found = member(value, name);
  return typeof found === 'number' ? found : undefined;
}

/** A list member; empty when there is none. */
export function listAt(value: Json | undefined, name: string): readonly Json[] {
  return listOf(member(value, name));
}

/** A value as a list; empty when it is none. */
export function listOf(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** A value as one line a person reads: localized texts in their language, lists joined, objects as JSON. */
export function inWords(value: Json | undefined, language: Language): string {
  if (value === undefined || value === null) return '';
  if (isList(value)) return value.map((item) => inWords(item, language)).join(', ');
  if (typeof value !== 'object') return String(value);
  return textAt(value, language) ?? JSON.stringify(value);
}
