import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { QueryOptions } from '../../warehouse/port.ts';
import { batchOf, decodeRows, visit } from '../harness/simple-stream.ts';
import type { OpenWarehouse } from './warehouse.ts';

const options: QueryOptions = { maxRows: 100, timeoutMs: 20_000, masked: new Set() };
const masked = new Set(['staging.visit.name', 'staging.visit.amount']);

/** Ways out of the allow-list; `FILE` is a landed file the engine itself could read. All must be refused. */
const escapes: readonly string[] = [
  // files
  `select * from 'FILE'`,
  `select * from "FILE"`,
  `from 'FILE'`,
  `select * from read_csv('FILE')`,
  `select * from read_csv_auto('FILE')`,
  `select * from read_text('FILE')`,
  `select * from read_blob('FILE')`,
  `select * from read_json('FILE')`,
  `select * from read_ndjson_objects('FILE')`,
  `select * from read_parquet('FILE')`,
  `select * from parquet_scan('FILE')`,
  `select * from parquet_metadata('FILE')`,
  `select * from sniff_csv('FILE')`,
  `select * from glob('/etc/*')`,
  `select (select content from read_text('/etc/passwd'))`,
  `select * from staging.visit where code in (select column0 from read_csv('FILE'))`,
  `with a as (select * from read_csv('FILE')) select * from a`,
  `with "FILE" as (select 1) select * from (select 1), "FILE"`,
  `select * from (with "FILE" as (select 1) select 2), "FILE"`,
  `with a as (with "x.csv" as (select 1) select 1) select * from "x.csv"`,
  `copy staging.visit to 'FILE'`,
  `copy (select 1) to '/tmp/out.csv'`,
  `export database '/tmp/out'`,
  `import database '/tmp/out'`,
  // engine, settings, secrets, session
  `attach '/tmp/other.duckdb'`,
  `detach warehouse`,
  `install httpfs`,
  `load httpfs`,
  `set memory_limit = '100GB'`,
  `reset memory_limit`,
  `pragma database_list`,
  `call pragma_version()`,
  `checkpoint`,
  `create secret (type s3)`,
  `select * from duckdb_secrets()`,
  `select * from which_secret('s3://x', 's3')`,
  `select * from duckdb_settings()`,
  `select * from duckdb_tables()`,
  `select * from duckdb_tables`,
  `select * from (with duckdb_tables as (select 1) select 2), duckdb_tables`,
  `select current_setting('memory_limit')`,
  `select getvariable('x')`,
  `select getenv('HOME')`,
  `set variable x = 1`,
  `select current_query()`,
  `select version()`,
  `select current_database()`,
  `select nextval('s')`,
  `select txid_current()`,
  `select pg_sleep(100)`,
  `select sleep_ms(100)`,
  `select write_log('x')`,
  // text as SQL
  `select * from query('select 1')`,
  `select * from query_table('ledger.batch')`,
  `select json_serialize_sql('select 1')`,
  `select * from json_execute_serialized_sql('{}')`,
  `pragma json_execute_serialized_sql('{}')`,
  `execute x`,
  `prepare x as select 1`,
  // other schemas
  `select * from ledger.batch`,
  `select * from quarantine.row`,
  `select * from information_schema.tables`,
  `select * from pg_catalog.pg_class`,
  `select * from sqlite_master`,
  `select * from warehouse.staging.visit`,
  `select * from warehouse.ledger.batch`,
  `select * from system.main.duckdb_tables`,
  `select * from temp.main.candidate`,
  `select * from main.duckdb_tables`,
  `select * from visit`,
  `select * from staging.visit join ledger.batch on true`,
  `select exists (select 1 from ledger.batch)`,
  `select * from staging.visit union all select * from ledger.batch`,
  `select * from staging.visit at (version => 1)`,
  `describe staging.visit`,
  `show tables`,
  `summarize ledger.batch`,
  // several statements, writes
  `select 1; select 2`,
  `select 1; drop table staging.visit`,
  `drop table staging.visit`,
  `delete from staging.visit`,
  `update staging.visit set code = 'x'`,
  `insert into staging.visit select * from staging.visit`,
  `create table mart.x as select 1`,
  `create macro m() as 1`,
  `alter table staging.visit add column x int`,
  `vacuum`,
  `begin`,
  `explain select 1`,
  `/*!*/ drop table staging.visit --`,
  `select 1\0; drop table staging.visit`,
  // large values out of small ones
  `select repeat('a', 1000000000)`,
  `select lpad('a', 1000000000, 'b')`,
  `select range(100000000000)`,
  `select generate_series(1, 100000000000)`,
  ``,
  `;`,
  `x"; drop table staging.visit --`,
];

/** Run on each engine. */
export function describePersonQuery(name: string, open: () => Promise<OpenWarehouse>): void {
  describe(`a person’s query: ${name}`, () => {
    let opened: OpenWarehouse;
    beforeAll(async () => {
      opened = await open();
      const { warehouse, directory } = opened;
      writeFileSync(join(directory, 'landing', 'secret.csv'), 'a,b\n1,secret\n');
      await warehouse.prepare([visit]);
      const name = 'Nguyễn Văn Bí Mật';
      const rows = ['a', 'b'].map((code, n) => ({
        values: { code, day: '2026-01-01', amount: `${n + 1}`, name },
      }));
      const bad = {
        values: { code: 'x', day: null, amount: null, name },
        status: 'quarantined',
        reason: 'no-day',
      } as const;
      const contract = { ...visit, holdAbove: 1 };
      const decode = decodeRows({ visit: [...rows, bad] }, [contract]);
      const staged = await warehouse.stage(batchOf('one', [contract]), decode, []);
      await warehouse.publish(staged, new Date('2026-01-01T00:00:00Z'));
      await warehouse.mirror('batches', [{ name: 'id', type: 'varchar' }], [['one']]);
    });
    afterAll(() => opened.remove());
    const ask = (sql: string, changes: Partial<QueryOptions> = {}) =>
      opened.warehouse.query(sql, { ...options, ...changes });

    it('has at least 60 escapes', () => {
      expect(new Set(escapes).size).toBeGreaterThanOrEqual(60);
    });

    it.each(escapes)('G09 G11 G12 G21-G30 refuses %j', async (escape) => {
      const path = join(opened.directory, 'landing', 'secret.csv');
      await expect(ask(escape.replaceAll('FILE', path))).rejects.toMatchObject({
        group: 'data',
        code: expect.stringMatching(/^(query-refused|sql-invalid)$/) as string,
      });
      expect((await ask('select count(*) from staging.visit')).rows).toEqual([['2']]);
    });

    it('answers ordinary questions', async () => {
      const sql = `
        with daily as (select day, count(*) as n, sum(amount) as total from staging.visit group by day),
        recursive_free as (select * from daily)
        select d.day, d.n, round(d.total / nullif(d.n, 0), 2) as mean,
          row_number() over (order by d.day desc) as place,
          case when d.n between 1 and 5 then 'ít' else 'nhiều' end as size,
          strftime(d.day, '%d/%m/%Y') as text, extract(year from d.day) as year,
          coalesce(d.total::varchar, '-') || ' đ' as money, d.n filter_me, [1, 2][1] as first,
          (select count(*) from meta.batches) as batches, x.i
        from recursive_free d, generate_series(1, 1) x(i)
        where d.day >= date '2026-01-01' and d.day < date '2026-01-01' + interval 1 month
          and exists (select 1 from staging.visit v where v.day = d.day and v.code like 'a%')
          and d.day in (select day from history.visit union all select day from daily)
        qualify place <= 10 order by all limit 5`;
      const table = await ask(sql);
      expect(table.rows[0]?.slice(0, 5)).toEqual(['2026-01-01', '2', '1.5', '1', 'ít']);
    });

    it('recursive WITH, set operations, values, distinct on, grouping sets', async () => {
      for (const sql of [
        'with recursive r as (select 1 as n union all select n + 1 from r where n < 3) select * from r',
        'select code from staging.visit except select code from history.visit',
        'values (1), (2)',
        'from staging.visit select distinct on (day) day, code order by day, code',
        'select day, count(*) filter (where amount > 1) from staging.visit group by rollup (day)',
        'select try_cast(code as integer), amount::double, code collate nocase from staging.visit',
        'select list_transform([1, 2], lambda x: x + 1), {a: 1}.a from staging.visit',
        'select count(distinct code), string_agg(code, $1 order by code) from staging.visit',
      ]) {
        await expect(ask(sql, { values: sql.includes('$1') ? [','] : [] })).resolves.toBeDefined();
      }
    });

    it('G14 G15 masked columns are not reachable by predicate, join, sort, history or quarantine', async () => {
      const all = await ask('select * exclude (_published_at) from staging.visit order by code', {
        masked,
      });
      expect(all.rows.map((row) => row.slice(0, 4))).toEqual([
        ['a', '2026-01-01', null, '***'],
        ['b', '2026-01-01', null, '***'],
      ]);
      const filtered = await ask(`select count(*) from staging.visit where name like 'Nguyễn%'`, {
        masked,
      });
      expect(filtered.rows).toEqual([['0']]);
      const leaks = await Promise.all(
        [
          'select max(name) from staging.visit',
          'select v from staging.visit v',
          'select to_json(v)::varchar from staging.visit v',
          'select raw, value from meta.quarantine',
          'select name from history.visit',
        ].map((sql) => ask(sql, { masked })),
      );
      expect(JSON.stringify(leaks)).not.toContain('Bí Mật');
      expect((await ask('select raw from meta.quarantine')).rows).toEqual([['{}']]);
    });

    it('masks in the past too', async () => {
      const past = await ask('select name from staging.visit', {
        masked,
        asOf: '2026-01-02T00:00:00+07:00',
      });
      expect(past.rows).toEqual([['***'], ['***']]);
      const before = await ask('select name from staging.visit', { asOf: '2025-01-01T00:00:00Z' });
      expect(before.rows).toEqual([]);
    });

    it('G16 cuts at the row limit and says so', async () => {
      const table = await ask('select * from range(100000)', { maxRows: 10 });
      expect(table.rows).toHaveLength(10);
      expect(table.truncated).toBe(true);
      expect((await ask('select * from range(10)', { maxRows: 10 })).truncated).toBeUndefined();
    });

    it('G18 stops at the time limit', async () => {
      const blowUp =
        'select count(*) from range(1000000) a(i), range(1000000) b(i), range(1000) c(i) where a.i + b.i = c.i * 3 + 1.5';
      const started = Date.now();
      await expect(ask(blowUp, { timeoutMs: 300 })).rejects.toMatchObject({
        code: 'query-timeout',
      });
      expect(Date.now() - started).toBeLessThan(10_000);
      await opened.warehouse.health();
    });

    it('G17 date overflow and G01 unknown columns are errors of that query', async () => {
      await expect(ask(`select date '9999-12-31' + interval 9999999 year`)).rejects.toMatchObject({
        group: 'data',
      });
      await expect(ask('select "x""; drop table t --" from staging.visit')).rejects.toMatchObject({
        code: 'sql-failed',
      });
      await expect(ask('select * from staging.nowhere')).rejects.toMatchObject({
        code: 'sql-failed',
      });
    });

    it('G07 quotes and NUL in values stay values', async () => {
      const table = await ask('select $1 = $2', {
        values: [`'; drop table x --`, `'; drop table x --`],
      });
      expect(table.rows).toEqual([[true]]);
    });

    it('explains a refusal in both languages, with the remedy', async () => {
      await expect(ask(`select * from read_csv('x')`)).rejects.toMatchObject({
        text: {
          vi: 'Truy vấn bị từ chối: không được dùng hàm bảng read_csv',
          en: 'Query refused: table function read_csv is not allowed',
        },
        remedy: { vi: expect.stringContaining('staging.*') as string },
      });
    });
  });
}
