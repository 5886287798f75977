import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unnamedHome } from '../../core/home-profile.ts';
import type { StreamContract } from '../../core/stream-contract.ts';
import { addBuiltInTables } from '../../home/built-in-tables.ts';
import { addCitySources } from '../../home/demo-sources.ts';
import { makeHome } from '../../home/home-directory.ts';
import { systemCall } from '../../home/system-call.ts';
import { loadCatalog } from '../../transforms/catalog/load-catalog.ts';
import { loadDimensions } from '../../transforms/catalog/load-dimensions.ts';
import type { Warehouse } from '../../warehouse/port.ts';
import { openTestHome, withWarehouse } from '../end-to-end/opened-home.ts';
import { smallCity } from '../simulator/start.ts';
import { loadedStreams } from '../transforms/loaded-streams.ts';
import {
  build,
  loadGiven,
  openTwoWarehouses,
  rowsOf,
  type GivenRows,
  type TwoWarehouses,
} from '../warehouse/two-warehouses.ts';

/** The simulated city read into a home; its loaded rows given to both engines, and every asset built on each. */
const transforms = fileURLToPath(new URL('../../transforms', import.meta.url));
const day = '2025-10-05';
const clock = { now: () => new Date(`${day}T18:00:00+07:00`) };

let root: string;
let two: TwoWarehouses;

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'phusa-city-'));
  const home = path.join(root, 'home');
  await readCity(home);
  two = await openTwoWarehouses();
  const given = await withWarehouse(home, (warehouse) => givenBy(home, warehouse));
  for (const warehouse of [two.duckdb, two.postgres]) await loadGiven(warehouse, given);
}, 600_000);
afterAll(async () => {
  await two.remove();
  rmSync(root, { recursive: true, force: true });
});

/** All sources of a small city are read once. */
async function readCity(directory: string): Promise<void> {
  const city = await smallCity({ now: day, scale: 0.01, years: 1 });
  await makeHome(directory, clock.now());
  const home = await openTestHome(directory, { clock });
  const call = systemCall();
  await home.configure({ ...unnamedHome, solo: true, simulated: true });
  await addBuiltInTables(home);
  const added = await addCitySources(home, { url: city.url, now: day, years: 1 }, call);
  for (const source of ['reference', ...added])
    await home.services.sources.ingest(call, source, {});
  await home.close();
}

/** The rows of the home's tables, as files; none of a table that the city does not fill. */
async function givenBy(home: string, warehouse: Warehouse): Promise<readonly GivenRows[]> {
  const packs = await loadDimensions(path.join(transforms, 'catalog/dimensions'));
  const contracts = [
    ...packs.map(({ contract }) => contract),
    ...loadedStreams.filter(({ layer }) => layer === 'staging'),
  ];
  await warehouse.prepare(contracts);
  const given: GivenRows[] = [];
  for (const contract of contracts)
    given.push({ contract, rows: await rowsAsFile(home, warehouse, contract) });
  return given;
}

async function rowsAsFile(
  home: string,
  warehouse: Warehouse,
  { layer, stream, columns }: StreamContract,
): Promise<string> {
  const name = `${layer}.${stream}.parquet`;
  const file = path.join(home, 'out', name);
  mkdirSync(path.dirname(file), { recursive: true });
  const list = columns.map((column) => `"${column.name}"`).join(', ');
  await warehouse.export(`select ${list} from ${layer}.${stream}`, {
    path: file,
    format: 'parquet',
  });
  const copy = path.join(two.landing, name);
  copyFileSync(file, copy);
  return `select * from read_parquet('${copy}')`;
}

/** What the city fills. */
const filled = [
  'mart.covid_daily_total',
  'mart.dossier_period',
  'mart.dossier_rank',
  'mart.dossier_score',
  'mart.epidemic_week',
  'mart.invoice_quality',
  'mart.invoice_revenue',
];

describe('the simulated city on both engines', () => {
  it('gives equal figures in every asset', async () => {
    const catalog = await loadCatalog({
      directory: transforms,
      tablesOf: (sql) => two.duckdb.tablesOf(sql),
    });
    for (const asset of catalog.assets) {
      const hash = await build(two.duckdb, asset);
      if ((await build(two.postgres, asset)) === hash) continue;
      const postgres = await rowsOf(two.postgres, asset);
      expect(postgres, asset.key).toEqual(await rowsOf(two.duckdb, asset));
      throw new Error(`${asset.key}: the same rows have other hashes`);
    }
    expect(two.atDesk).toEqual([]);
    for (const key of filled) {
      const { rows } = await two.postgres.select(`select count(*) > 0 from ${key}`);
      expect([key, rows[0]?.[0]]).toEqual([key, true]);
    }
  }, 600_000);
});
