import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../transforms/catalog/catalog.ts';
import { loadCatalog } from '../../transforms/catalog/load-catalog.ts';
import { loadDimensions, type DimensionPack } from '../../transforms/catalog/load-dimensions.ts';
import { Engine, loadShippedDimensions } from './engine.ts';
import { loadedStreams } from './loaded-streams.ts';

const transforms = fileURLToPath(new URL('../../transforms', import.meta.url));
let engine: Engine;
let catalog: Catalog;
let packs: readonly DimensionPack[];

beforeAll(async () => {
  engine = await Engine.open();
  packs = await loadDimensions(`${transforms}/catalog/dimensions`);
  const loaded = new Set([
    ...packs.map((p) => `dim.${p.contract.stream}`),
    ...loadedStreams.map((s) => `${s.layer}.${s.stream}`),
  ]);
  catalog = await loadCatalog({
    directory: transforms,
    tablesOf: (sql) => engine.tablesOf(sql),
    loaded,
  });
  await loadShippedDimensions(engine, packs);
  for (const stream of loadedStreams) await engine.createTable(stream);
});
afterAll(() => engine.close());

describe('the shipped catalogue', () => {
  it('runs on empty inputs and gives exactly the declared columns', async () => {
    expect(catalog.assets.length).toBeGreaterThan(10);
    for (const asset of catalog.assets) {
      await engine.run(`create or replace table ${asset.key} as ${asset.sql}`);
      const { columns } = await engine.select(`from ${asset.key} limit 0`);
      expect({ asset: asset.key, columns: columns.map((c) => `${c.name} ${c.type}`) }).toEqual({
        asset: asset.key,
        columns: asset.columns.map((c) => `${c.name} ${c.type}`),
      });
    }
  });

  it('has checks that run on the built rows and find nothing to block', async () => {
    for (const asset of catalog.assets) {
      await engine.run(`create or replace temp view candidate as from ${asset.key}`);
      for (const check of asset.checks) {
        const { rows, columns } = await engine.select(check.sql);
        expect(columns.map((c) => c.name)).toEqual(['field', 'value']);
        expect({ check: check.code, rows: check.severity === 'block' ? rows : [] }).toEqual({
          check: check.code,
          rows: [],
        });
      }
    }
  });

  it('knows the columns its provenance names', () => {
    const columns = new Map<string, ReadonlySet<string>>([
      ...packs.map((p) => [`dim.${p.contract.stream}`, names(p.contract.columns)] as const),
      ...loadedStreams.map((s) => [`${s.layer}.${s.stream}`, names(s.columns)] as const),
      ...catalog.assets.map((a) => [a.key, names(a.columns)] as const),
    ]);
    for (const asset of catalog.assets) {
      for (const { asset: input, on } of asset.provenance) {
        for (const column of Object.values(on)) {
          expect(`${input}.${column}: ${columns.get(input)?.has(column)}`).toBe(
            `${input}.${column}: true`,
          );
        }
      }
    }
  });
});

function names(columns: readonly { readonly name: string }[]): ReadonlySet<string> {
  return new Set(columns.map((c) => c.name));
}
