import { isObject } from '../core/json-member.ts';
import type { JsonObject } from '../core/json.ts';

/** Reads the text of a JSON object. Throws SyntaxError or TypeError on anything else. */
export function parseObject(text: string): JsonObject {
  const value: unknown = JSON.parse(text);
  if (isObject(value)) return value;
  throw new TypeError(`not a JSON object: ${text.slice(0, 80)}`);
}
