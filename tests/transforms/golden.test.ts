import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../transforms/catalog/catalog.ts';
import { csvRows } from '../../transforms/catalog/csv-rows.ts';
import { loadCatalog } from '../../transforms/catalog/load-catalog.ts';
import { loadDimensions, type DimensionPack } from '../../transforms/catalog/load-dimensions.ts';
import { Engine } from './engine.ts';
import { loadedStreams } from './loaded-streams.ts';

/**
 * Each folder of golden/ is a case: `<table>.csv` are the rows of a loaded table (columns left out are NULL; a
 * dimension not given is the shipped one), `expected.<asset>.csv` the rows of an asset: only the columns it names are
 * compared, and rows in its order of columns. `note.md` says why the case is there.
 */
const golden = fileURLToPath(new URL('golden', import.meta.url));
const transforms = fileURLToPath(new URL('../../transforms', import.meta.url));
const cases = readdirSync(golden);

let engine: Engine;
let catalog: Catalog;
let packs: readonly DimensionPack[];

beforeAll(async () => {
  engine = await Engine.open();
  packs = await loadDimensions(`${transforms}/catalog/dimensions`);
  catalog = await loadCatalog({ directory: transforms, tablesOf: (sql) => engine.tablesOf(sql) });
});
afterAll(() => engine.close());

describe('golden cases', () => {
  it.each(cases)('%s', async (name) => {
    const folder = path.join(golden, name);
    const expected = readdirSync(folder).filter((file) => file.startsWith('expected.'));
    expect(expected.length).toBeGreaterThan(0);
    const wanted = expected.map((file) => file.slice('expected.'.length, -'.csv'.length));
    await load(folder);
    for (const asset of catalog.closure(wanted)) {
      await engine.run(`create or replace table ${asset.key} as ${asset.sql}`);
      await expectNoBlock(asset.key);
    }
    for (const key of wanted) await compare(key, path.join(folder, `expected.${key}.csv`));
  });
});

async function load(folder: string): Promise<void> {
  for (const pack of packs) {
    const own = path.join(folder, `dim.${pack.contract.stream}.csv`);
    await engine.createTable(pack.contract, existsSync(own) ? own : pack.path);
  }
  for (const stream of loadedStreams) {
    const own = path.join(folder, `${stream.layer}.${stream.stream}.csv`);
    await engine.createTable(stream, existsSync(own) ? own : undefined);
  }
}

async function expectNoBlock(key: string): Promise<void> {
  await engine.run(`create or replace temp view candidate as from ${key}`);
  for (const check of catalog.asset(key)?.checks ?? []) {
    if (check.severity === 'warn') continue;
    expect({ check: check.code, found: (await engine.select(check.sql)).rows }).toEqual({
      check: check.code,
      found: [],
    });
  }
}

async function compare(key: string, file: string): Promise<void> {
  const rows = csvRows(readFileSync(file, 'utf8'));
  const columns = Object.keys(rows[0] ?? {});
  const filters = filterOf(rows, columns);
  const { rows: actual } = await engine.select(
    `select ${columns.join(', ')} from ${key} ${filters} order by all`,
  );
  const texts = actual.map((row) => row.map((v) => (v === null ? '' : String(v))).join(','));
  const wanted = rows.map((row) => columns.map((c) => row[c] ?? '').join(','));
  expect([...texts].sort()).toEqual([...wanted].sort());
}

/** Facts hold many periods: only the periods that the case expects are compared. */
function filterOf(
  rows: readonly Readonly<Record<string, string>>[],
  columns: readonly string[],
): string {
  if (!columns.includes('period_id')) return '';
  const periods = new Set(rows.map((row) => `'${row['period_id'] ?? ''}'`));
  return `where period_id in (${[...periods].join(', ')})`;
}
