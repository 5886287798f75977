import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StreamContract } from '../../core/stream-contract.ts';
import type { Catalog } from '../../transforms/catalog/catalog.ts';
import { figureAndTermsSql, tableSql } from '../../transforms/catalog/figure-rule.ts';
import { indicatorRule } from '../../transforms/catalog/indicator.ts';
import { loadCatalog } from '../../transforms/catalog/load-catalog.ts';
import { loadDimensions } from '../../transforms/catalog/load-dimensions.ts';
import { loadIndicators } from '../../transforms/catalog/load-indicators.ts';
import { loadedStreams } from '../transforms/loaded-streams.ts';
import {
  build,
  loadGiven,
  openTwoWarehouses,
  rowsOf,
  writtenRows,
  type GivenRows,
  type TwoWarehouses,
} from './two-warehouses.ts';

/** Every asset of the catalogue, built on both engines from the rows of all golden cases together. */
const transforms = fileURLToPath(new URL('../../transforms', import.meta.url));
const golden = fileURLToPath(new URL('../transforms/golden', import.meta.url));
let two: TwoWarehouses;
let catalog: Catalog;

beforeAll(async () => {
  two = await openTwoWarehouses();
  catalog = await loadCatalog({
    directory: transforms,
    tablesOf: (sql) => two.duckdb.tablesOf(sql),
  });
  const given = await givenRows();
  for (const warehouse of [two.duckdb, two.postgres]) await loadGiven(warehouse, given);
}, 180_000);
afterAll(() => two.remove());

/** The rows of all cases by table; dimensions as shipped, and the taxpayers of a case. */
async function givenRows(): Promise<readonly GivenRows[]> {
  const packs = await loadDimensions(path.join(transforms, 'catalog/dimensions'));
  const dimensions = packs.map(({ contract, path: file }) => ({
    contract,
    rows: rowsIn([
      landed('shipped', file),
      ...(contract.stream === 'taxpayer' ? ofCases(contract) : []),
    ]),
  }));
  const loaded = loadedStreams.map((contract) => ({ contract, rows: rowsIn(ofCases(contract)) }));
  return [...dimensions, ...loaded.filter(({ contract }) => contract.layer === 'staging')];
}

function ofCases({ layer, stream }: StreamContract): readonly string[] {
  return readdirSync(golden)
    .map((name) => [name, path.join(golden, name, `${layer}.${stream}.csv`)] as const)
    .filter(([, file]) => existsSync(file))
    .map(([name, file]) => landed(name, file));
}

/** Copies a file to where the engines may read it. */
function landed(name: string, file: string): string {
  const copy = path.join(two.landing, name, path.basename(file));
  mkdirSync(path.dirname(copy), { recursive: true });
  copyFileSync(file, copy);
  return copy;
}

function rowsIn(files: readonly string[]): string {
  if (files.length === 0) return 'select null as _raw where false';
  const list = files.map((file) => `'${file}'`).join(', ');
  return `select * from read_csv([${list}], union_by_name = true, all_varchar = true, header = true, nullstr = '', quote = '"')`;
}

describe('every asset gives equal figures on both engines', () => {
  it('builds each in the words of either engine, from equal rows', async () => {
    for (const key of catalog.inputs) {
      const hashes = [await two.duckdb.contentHash(key), await two.postgres.contentHash(key)];
      expect(hashes[1], key).toBe(hashes[0]);
    }
    for (const asset of catalog.assets) {
      const hash = await build(two.duckdb, asset);
      if ((await build(two.postgres, asset)) === hash) continue;
      const [duckdb, postgres] = [
        await rowsOf(two.duckdb, asset),
        await rowsOf(two.postgres, asset),
      ];
      expect(postgres, asset.key).toEqual(duckdb);
      throw new Error(`${asset.key}: the same rows have other hashes`);
    }
    expect(two.atDesk).toEqual([]);
  }, 240_000);

  it('has rows in each, so that there is something to compare', async () => {
    const empty: string[] = [];
    for (const { key } of catalog.assets) {
      const { rows } = await two.postgres.select(`select count(*) from ${key}`);
      if (rows[0]?.[0] === '0') empty.push(key);
    }
    expect(empty).toEqual([]);
  });
});

describe('every indicator gives equal figures on both engines', () => {
  it('in one figure with its terms, and in a table by its breakdowns', async () => {
    const indicators = await loadIndicators(path.join(transforms, 'catalog/indicators'));
    for (const indicator of indicators) {
      const rule = indicatorRule(indicator);
      const groups = indicator.breakdown.map(({ column }) => column);
      for (const sql of [figureAndTermsSql(rule, 'true'), tableSql([rule], groups, 'true')]) {
        const [duckdb, postgres] = [await two.duckdb.select(sql), await two.postgres.select(sql)];
        expect(writtenRows(postgres), sql).toEqual(writtenRows(duckdb));
        expect(postgres.columns.map(({ name }) => name)).toEqual(
          duckdb.columns.map(({ name }) => name),
        );
      }
    }
    expect(two.atDesk).toEqual([]);
  }, 120_000);
});
