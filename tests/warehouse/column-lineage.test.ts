import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Asset, Catalog } from '../../transforms/catalog/catalog.ts';
import { loadCatalog } from '../../transforms/catalog/load-catalog.ts';
import { loadDimensions } from '../../transforms/catalog/load-dimensions.ts';
import type { SelectLineage, TableColumns } from '../../warehouse/column-lineage.ts';
import { loadedStreams } from '../transforms/loaded-streams.ts';
import { openTestWarehouse, type TestWarehouse } from './open-test-warehouse.ts';

const transforms = fileURLToPath(new URL('../../transforms', import.meta.url));
let home: TestWarehouse;
let catalog: Catalog;
let tables: TableColumns;

beforeAll(async () => {
  home = await openTestWarehouse();
  const packs = await loadDimensions(`${transforms}/catalog/dimensions`);
  catalog = await loadCatalog({
    directory: transforms,
    tablesOf: (sql) => home.warehouse.tablesOf(sql),
  });
  const contracts = [...packs.map(({ contract }) => contract), ...loadedStreams];
  tables = new Map([
    ...contracts.map(
      (one) => [`${one.layer}.${one.stream}`, one.columns.map(({ name }) => name)] as const,
    ),
    ...catalog.assets.map((asset) => [asset.key, asset.columns.map(({ name }) => name)] as const),
  ]);
});
afterAll(() => home.remove());

const small: TableColumns = new Map([
  ['staging.a', ['k', 'x', 'y', 'day']],
  ['dim.b', ['k', 'label', 'valid_from']],
]);
async function lineageOf(sql: string, known: TableColumns = small): Promise<SelectLineage> {
  const [lineage] = await home.warehouse.columnLineage([sql], known);
  if (!lineage) throw new Error('no lineage');
  return lineage;
}

/** One column's lineage as text: `table.column use`, what only decides in brackets. */
function told(lineage: SelectLineage, name: string): readonly string[] {
  const column = lineage.columns.find((one) => one.name === name);
  return [
    ...(column?.direct ?? []).map((one) => `${one.table}.${one.column} ${one.use}`),
    ...(column?.indirect ?? []).map((one) => `(${one.table}.${one.column} ${one.use})`),
  ];
}
const decides = (lineage: SelectLineage) =>
  lineage.indirect.map((one) => `${one.table}.${one.column} ${one.use}`);

describe('columns of a SELECT, from its text', () => {
  it('L01: identity, expression, cast, window, aggregate and union are told apart', async () => {
    const lineage = await lineageOf(`
      with w as (select k, x + y as z, cast(day as varchar) as d,
          row_number() over (partition by k order by day) as n from staging.a where y > 0)
      select w.k, w.z, max(w.d) as last_day, count(*) as many, sum(w.z) filter (where w.n = 1) as first,
        case when b.label is null then w.n else 0 end as c
      from w left join dim.b b on b.k = w.k and b.valid_from <= date '2026-01-01'
      group by w.k, w.z order by 2`);
    expect(lineage.problems).toEqual([]);
    expect(told(lineage, 'k')).toEqual(['staging.a.k identity']);
    expect(told(lineage, 'z')).toEqual([
      'staging.a.x transformation',
      'staging.a.y transformation',
    ]);
    expect(told(lineage, 'last_day')).toEqual(['staging.a.day aggregation']);
    expect(told(lineage, 'many')).toEqual([]);
    expect(told(lineage, 'first')).toEqual([
      'staging.a.x aggregation',
      'staging.a.y aggregation',
      '(staging.a.day window)',
      '(staging.a.k window)',
    ]);
    expect(told(lineage, 'c')).toEqual([
      '(dim.b.label conditional)',
      '(staging.a.day window)',
      '(staging.a.k window)',
    ]);
    expect(decides(lineage)).toEqual([
      'dim.b.k join',
      'dim.b.valid_from join',
      'staging.a.k group-by',
      'staging.a.k join',
      'staging.a.x group-by',
      'staging.a.x sort',
      'staging.a.y filter',
      'staging.a.y group-by',
      'staging.a.y sort',
    ]);
  });

  it('L03: a star brings every column of what it stands for, also one that comes later', async () => {
    const sql = 'select s.*, 1 as one from (select * exclude (day) from staging.a) s';
    const before = await lineageOf(sql);
    expect(before.columns.map(({ name }) => name)).toEqual(['k', 'x', 'y', 'one']);
    const grown = new Map(small).set('staging.a', ['k', 'x', 'y', 'day', 'phone']);
    expect(told(await lineageOf(sql, grown), 'phone')).toEqual(['staging.a.phone identity']);
  });

  it('subqueries, values, unions by place and by name', async () => {
    const union = await lineageOf(
      `select k as a, x as b from staging.a union all select label, k from dim.b`,
    );
    expect(told(union, 'a')).toEqual(['dim.b.label identity', 'staging.a.k identity']);
    const named = await lineageOf(
      `select k as a, x as b from staging.a union all by name select label as b, k as a from dim.b`,
    );
    expect(told(named, 'a')).toEqual(['dim.b.k identity', 'staging.a.k identity']);
    const scalar = await lineageOf(
      `select (select max(b.label) from dim.b b where b.k = a.k) as l from staging.a a
       where exists (select 1 from dim.b c where c.valid_from = a.day)`,
    );
    expect(told(scalar, 'l')).toEqual([
      'dim.b.label aggregation',
      '(dim.b.k filter)',
      '(staging.a.k filter)',
    ]);
    expect(decides(scalar)).toEqual(['dim.b.valid_from filter', 'staging.a.day filter']);
    const values = await lineageOf(
      `select a.x, v.p from staging.a a join (values ('1', 2)) v(p, q) on v.q = a.y`,
    );
    expect(values.problems).toEqual([]);
    expect(told(values, 'p')).toEqual([]);
  });

  it('L06: a recursive clause and a self-join end', async () => {
    const lineage = await lineageOf(`
      with recursive up(k, above) as (
        select k, x from staging.a
        union all select up.k, b.label from up join dim.b b on b.k = up.above)
      select one.k, other.above from up one join up other on other.k = one.above`);
    expect(lineage.problems).toEqual([]);
    expect(told(lineage, 'above')).toEqual(['dim.b.label identity', 'staging.a.x identity']);
  });

  it('unknown columns and tables are told with line and column', async () => {
    const lineage = await lineageOf(
      `select a.k,\n  'tỉnh' || a.xx as b\nfrom staging.a a\njoin dim.c c on c.k = k`,
    );
    expect(lineage.problems).toEqual([
      { line: 4, column: 6, problem: 'unknown table dim.c' },
      { line: 2, column: 13, problem: 'unknown column a.xx' },
    ]);
    await expect(lineageOf('selec 1')).rejects.toMatchObject({ code: 'sql-invalid' });
  });
});

describe('columns of the assets that are shipped', () => {
  const lineageOfAsset = ({ sql }: Asset, known: TableColumns = tables) => lineageOf(sql, known);

  it('every name resolves, and every SELECT gives the columns that its header declares', async () => {
    for (const asset of catalog.assets) {
      const { columns, problems } = await lineageOfAsset(asset);
      expect(problems, asset.file).toEqual([]);
      expect(
        columns.map(({ name }) => name),
        asset.file,
      ).toEqual(asset.columns.map(({ name }) => name));
    }
  });

  it('L24: a column dropped or renamed below is found before anything runs, wherever it is used', async () => {
    let spoiled = 0;
    for (const asset of catalog.assets) {
      const whole = await lineageOfAsset(asset);
      const used = [
        ...whole.columns.flatMap((one) => [...one.direct, ...one.indirect]),
        ...whole.indirect,
      ];
      for (const key of new Set(used.map(({ table, column }) => `${table}.${column}`))) {
        const [layer = '', stream = '', column = ''] = key.split('.');
        const table = `${layer}.${stream}`;
        const left = (tables.get(table) ?? []).map((name) =>
          name === column ? `${name}_old` : name,
        );
        const { problems } = await lineageOfAsset(asset, new Map(tables).set(table, left));
        expect(
          problems.map(({ problem }) => problem).join(),
          `${asset.key} without ${key}`,
        ).toMatch(new RegExp(`unknown column (.*\\.)?${column}`));
        spoiled += 1;
      }
    }
    expect(spoiled).toBeGreaterThan(150);
  }, 60_000);
});
