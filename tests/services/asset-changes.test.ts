import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assetVersions, changesSinceBuilt, tableDifference } from '../../services/asset-changes.ts';
import { defineAssets } from '../../transforms/catalog/assets-in-force.ts';
import { columnType } from '../../transforms/catalog/load-catalog.ts';
import type { Asset } from '../../transforms/catalog/catalog.ts';
import { fileOf, openIngestHome, type IngestHome } from '../workflows/ingest-home.ts';

let home: IngestHome;
beforeEach(async () => {
  home = await openIngestHome();
  await home.register('kham');
  home.world.files.set('a', fileOf(['1', '10'], ['2', '20'], ['3', '30']));
  await home.ingest('kham');
});
afterEach(() => home.remove());

const text = { vi: 'bảng thử', en: 'a test' };

/** A mart over visits: its columns as `name type`, its SELECT. */
function mart(columns: readonly string[], select: string, key = ['code']): Asset {
  const words = "label: { vi: 'cột', en: 'column' }, classification: internal";
  const lines = columns.map((column) => {
    const [name, type] = column.split(' ');
    return `  - { name: ${name}, type: '${type}', ${words} }`;
  });
  const sql = `/* ---
asset: mart.visit
label: { vi: 'a', en: 'a' }
description: { vi: 'a', en: 'a' }
owner: IOC
grain: { vi: 'a', en: 'a' }
columns:
${lines.join('\n')}
key: [${key.join(', ')}]
provenance: []
--- */
${select}
`;
  return {
    key: 'mart.visit',
    label: text,
    description: text,
    owner: 'IOC',
    grain: text,
    columns: columns.map((column) => {
      const [name = '', type = ''] = column.split(' ');
      return { name, type: columnType(type), label: text, classification: 'internal' };
    }),
    keyColumns: key,
    subject: undefined,
    unitColumn: undefined,
    countedColumns: [],
    dimensions: [],
    declassified: [],
    provenance: [],
    checks: [],
    sql,
    sha256: select,
    file: 'marts/visit.sql',
    dependsOn: ['staging.visit'],
  };
}

async function build(asset: Asset): Promise<void> {
  await define(asset);
  const { key, sql, sha256 } = asset;
  await home.warehouse.materialize({ key, sql, sqlSha256: sha256, inputs: {}, checks: [] });
}

const define = ({ key, sql, sha256 }: Asset) =>
  defineAssets(home.store, [{ key, sql, sha256, inputs: ['staging.visit'] }]);

const first = mart(
  ['code varchar', 'amount decimal(18,2)'],
  'select code, amount from staging.visit',
);

describe('what a new version of a mart changes', () => {
  it('rows are compared by key, and the columns that differ are named', async () => {
    await build(first);
    const next = mart(
      ['code varchar', 'amount decimal(18,2)'],
      `select code, case when code = '1' then amount + 1 else amount end as amount from staging.visit
       where code <> '3' union all select '4', 40`,
    );
    const hidden = new Set<string>();
    expect(await tableDifference(home.warehouse, next, hidden)).toEqual({
      added: 1,
      removed: 1,
      changed: 1,
      same: 1,
      sample: [
        { what: 'changed', key: ['1'], columns: ['amount'] },
        { what: 'removed', key: ['3'], columns: [] },
        { what: 'added', key: ['4'], columns: [] },
      ],
    });
    expect(await home.cells('select count(*) from mart.visit')).toEqual([['3']]);
    const masked = await tableDifference(home.warehouse, next, new Set(['mart.visit.code']));
    expect(masked.sample[0]).toMatchObject({ key: ['***'] });
  });

  it('a column added is told as added; removed, retyped or a new key as breaking', async () => {
    await build(first);
    const next = mart(
      ['code varchar', 'name varchar', 'amount bigint'],
      'select code, name, 1 as amount from staging.visit',
      ['code', 'name'],
    );
    await define(next);
    const changes = await changesSinceBuilt(home.store, next, first.sha256);
    expect(changes).toEqual([
      { kind: 'key', column: 'code, name', before: 'code', after: 'code, name', breaking: true },
      { kind: 'added', column: 'name', before: null, after: 'varchar', breaking: false },
      {
        kind: 'retyped',
        column: 'amount',
        before: 'decimal(18,2)',
        after: 'bigint',
        breaking: true,
      },
    ]);
    expect(await assetVersions(home.store, 'mart.visit')).toMatchObject([
      { breaking: false, changes: [] },
      { breaking: true, changes },
    ]);
  });

  it('nothing changed is nothing', async () => {
    await build(first);
    expect(await changesSinceBuilt(home.store, first, first.sha256)).toEqual([]);
    expect(await tableDifference(home.warehouse, first, new Set())).toMatchObject({
      added: 0,
      removed: 0,
      changed: 0,
      same: 3,
      sample: [],
    });
  });
});
