import { createHash } from 'node:crypto';
import type { Knex } from 'knex';

interface DefinitionRow {
  readonly sha256: string;
  readonly text: string;
}

/** The name of a text: its SHA-256, in hexadecimal. */
export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Keeps a text under its SHA-256 and returns that; a text already kept is kept once. */
export async function define(tx: Knex, text: string): Promise<string> {
  const sha256 = sha256Of(text);
  await tx('definition').insert({ sha256, text }).onConflict('sha256').ignore();
  return sha256;
}

/** The text of that SHA-256, if it is kept. */
export async function readDefinition(db: Knex, sha256: string): Promise<string | undefined> {
  const row = await db<DefinitionRow>('definition').where({ sha256 }).first();
  return row?.text;
}

/** The next texts in order of SHA-256: a few at a time, since they may be long. */
export async function definitionsAfter(
  db: Knex,
  sha256: string,
): Promise<readonly DefinitionRow[]> {
  return db<DefinitionRow>('definition').where('sha256', '>', sha256).orderBy('sha256').limit(50);
}
