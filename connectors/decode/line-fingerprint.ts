import { createHash } from 'node:crypto';
import { literal } from '../../core/sql-text.ts';

/** All that the values of a record depend on besides its line. */
export interface Recipe {
  readonly names: readonly string[];
  readonly delimiter: ',' | ';' | '\t';
  /** Equal only where columns, their order and the SQL that types them are equal. */
  readonly digest: string;
}

/** The recipe by which the lines of a file are typed. */
export function recipeOf(
  names: readonly string[],
  delimiter: Recipe['delimiter'] = ',',
  sql: string,
): Recipe {
  const text = JSON.stringify([names, delimiter, sql]);
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return { names, delimiter, digest };
}

/**
 * SQL for the fingerprint of a line under a recipe: two 64-bit hashes, the second of them over the digest too, whose 16
 * bytes are two steps of the engine's hash and leave it in another state. That two of ten million lines share both
 * has a chance of 10⁻²⁵.
 */
export function fingerprint(line: string, { digest }: Recipe): string {
  return `(hash(${line})::uhugeint * 18446744073709551616 + hash(${literal(digest)} || ${line}))`;
}
