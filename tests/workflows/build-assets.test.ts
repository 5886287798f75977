import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildAssets } from '../../workflows/activities/build-assets.ts';
import { createColumnCheck } from '../../transforms/catalog/asset-lineage.ts';
import { requireBuilt } from '../../workflows/build-stale.ts';
import { fileOf, openIngestHome, type IngestHome } from './ingest-home.ts';

let home: IngestHome;
beforeEach(async () => {
  home = await openIngestHome();
  await home.register('kham');
  home.world.files.set('a', fileOf(['1', '1'], ['2', '2']));
  await home.ingest('kham');
});
afterEach(() => home.remove());

const asset = (key: string, sql: string, ...inputs: readonly string[]) => ({
  key,
  sql,
  sha256: sql,
  inputs,
  checks: [],
  file: `${key}.sql`,
  dependsOn: inputs,
  columns: [{ name: key === 'mart.number' ? 'n' : 'code' }],
});
const codes = asset('staging.code', 'select code from staging.visit', 'staging.visit');
const number = asset('mart.number', 'select count(*) as n from staging.code', 'staging.code');
const build = (assets = [codes, number], wanted?: readonly string[]) =>
  buildAssets(
    { ...home.deps, assets, requireColumns: createColumnCheck(home.deps.warehouse, assets) },
    wanted,
    () => undefined,
  );
const keys = (list: readonly { readonly key: string }[]) => list.map(({ key }) => key);

describe('building derived tables', () => {
  it('builds each after what it reads, and nothing again while nothing changed', async () => {
    expect(keys((await build([number, codes])).built)).toEqual(['staging.code', 'mart.number']);
    expect(await build()).toMatchObject({ built: [], fresh: ['staging.code', 'mart.number'] });
    await home.ingest('kham');
    expect((await build()).built).toEqual([]);
  });

  it('L24: a column that is not there is told with its place, and nothing is built', async () => {
    const wrong = asset('mart.number', 'select 1,\n  kode as n from staging.code', 'staging.code');
    await expect(build([codes, wrong])).rejects.toMatchObject({ code: 'catalog-columns-unknown' });
    await expect(build([codes, wrong])).rejects.toThrow('mart.number.sql:2:3: unknown column kode');
    await expect(home.cells('select * from staging.code')).rejects.toThrow();
  });

  it('an unchanged rewrite makes nothing downstream stale', async () => {
    await build();
    home.world.files.set('a', fileOf(['1', '5'], ['2', '2']));
    await home.ingest('kham');
    const result = await build();
    expect(keys(result.built)).toEqual(['staging.code']);
    expect(result.fresh).toEqual(['mart.number']);
  });

  it('changed SQL is built again', async () => {
    await build();
    const other = asset(
      'mart.number',
      'select count(*) + 1 as n from staging.code',
      'staging.code',
    );
    expect(keys((await build([codes, other])).built)).toEqual(['mart.number']);
    expect(await home.cells('select n from mart.number')).toEqual([['3']]);
  });

  it('builds only what is wanted and what that reads', async () => {
    const result = await build([codes, number], ['staging.code']);
    expect(keys(result.built)).toEqual(['staging.code']);
  });

  it('builds what it can where a source is missing, and names what is missing', async () => {
    const tax = asset('staging.tax', 'select 1 as code from staging.invoice', 'staging.invoice');
    const both = asset('mart.both', 'select code from staging.tax', 'staging.tax', 'staging.code');
    const result = await build([both, tax, codes]);
    expect(keys(result.built)).toEqual(['staging.code']);
    expect(result.blocked).toEqual([
      { key: 'staging.tax', missing: ['staging.invoice'] },
      { key: 'mart.both', missing: ['staging.invoice'] },
    ]);
    expect(() => requireBuilt(result, ['staging.code'])).not.toThrow();
    expect(() => requireBuilt(result, ['mart.both'])).toThrow(/no source fills staging\.invoice/);
  });
});
