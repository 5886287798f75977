import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Classification, StreamContract } from '../../core/stream-contract.ts';
import type { Asset } from '../../transforms/catalog/catalog.ts';
import { createClassesNow } from '../../transforms/catalog/inherited-classes.ts';
import { loadCatalog } from '../../transforms/catalog/load-catalog.ts';
import { loadDimensions } from '../../transforms/catalog/load-dimensions.ts';
import { openTestWarehouse, type TestWarehouse } from '../warehouse/open-test-warehouse.ts';
import { loadedStreams } from './loaded-streams.ts';

const transforms = fileURLToPath(new URL('../../transforms', import.meta.url));
let home: TestWarehouse;
let assets: readonly Asset[];
let contracts: readonly StreamContract[];

beforeAll(async () => {
  home = await openTestWarehouse();
  const packs = await loadDimensions(`${transforms}/catalog/dimensions`);
  contracts = [...packs.map(({ contract }) => contract), ...loadedStreams];
  const tablesOf = (sql: string) => home.warehouse.tablesOf(sql);
  assets = (await loadCatalog({ directory: transforms, tablesOf })).assets;
});
afterAll(() => home.remove());

const classOf = async (
  column: string,
  loaded: readonly StreamContract[],
  known: readonly Asset[] = assets,
) => (await createClassesNow(home.warehouse, known)(loaded)).get(column);

/** The contracts with one column classified anew. */
function reclassified(table: string, name: string, classification: Classification) {
  return contracts.map((contract) =>
    `${contract.layer}.${contract.stream}` === table
      ? {
          ...contract,
          columns: contract.columns.map((c) => (c.name === name ? { ...c, classification } : c)),
        }
      : contract,
  );
}

describe('classes of derived columns', () => {
  it('L01: what ships says itself what its columns inherit', async () => {
    const classes = await createClassesNow(home.warehouse, assets)(contracts);
    for (const { key, columns } of assets)
      for (const { name, classification } of columns)
        expect(classes.get(`${key}.${name}`), `${key}.${name}`).toBe(classification);
  });

  it('L04: a class given upstream later holds for every figure made from it, through two steps', async () => {
    const stricter = reclassified('staging.dossier', 'received_at', 'sensitive');
    expect(await classOf('staging.dossier_clock.received_at', stricter)).toBe('sensitive');
    expect(await classOf('mart.dossier_period.is_carried_over', stricter)).toBe('sensitive');
    expect(await classOf('mart.dossier_period.channel', stricter)).toBe('public');
  });

  it('L02: a count of rows carries nothing; an aggregate of values carries their class', async () => {
    const stricter = reclassified('staging.dossier_fee', 'amount', 'personal');
    expect(await classOf('mart.dossier_period.bears_fee', stricter)).toBe('personal');
    const supplements = reclassified('staging.dossier_supplement', 'supplement_id', 'personal');
    expect(await classOf('mart.dossier_period.supplement_count', supplements)).toBe('public');
  });

  it('L05: only a reviewed word in the header makes a column less strict', async () => {
    const column = 'mart.invoice_quality.lacks_buyer_code';
    expect(await classOf(column, contracts)).toBe('internal');
    const unreviewed = assets.map((asset) => ({ ...asset, declassified: [] }));
    expect(await classOf(column, contracts, unreviewed)).toBe('personal');
  });
});
