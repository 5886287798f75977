import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { quoted } from '../../../core/sql-text.ts';
import { functionSchema } from './function-schema.ts';

/** Runs SQL of several statements without values. */
type RunSql = (sql: string) => Promise<{ readonly rows: readonly unknown[] }>;

const files = ['texts', 'numbers', 'dates', 'casts'] as const;

/** Collations by which letters beyond ASCII change case, the best first; the database's own where there is none. */
const collations = ['pg_c_utf8', 'und-x-icu'] as const;

/** Creates or renews the functions that transpiled SQL calls. Idempotent; in one transaction of the caller's or none. */
export async function installFunctions(run: RunSql): Promise<void> {
  await run(`create schema if not exists ${functionSchema}`);
  const letters = quoted(await collationOfLetters(run));
  for (const file of files) {
    await run(functionFile(file).replaceAll('/* letters */ "default"', letters));
  }
}

async function collationOfLetters(run: RunSql): Promise<string> {
  for (const name of collations) {
    const { rows } = await run(`select 1 from pg_catalog.pg_collation where collname = '${name}'`);
    if (rows.length > 0) return name;
  }
  return 'default';
}

function functionFile(name: string): string {
  return readFileSync(
    join(packageRoot(), 'warehouse', 'postgres', 'functions', `${name}.sql`),
    'utf8',
  );
}

/** The directory of the package; the same in the sources and in the compiled tree. */
function packageRoot(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, 'package.json'))) directory = dirname(directory);
  return directory;
}
