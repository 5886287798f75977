import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Engine } from '../../warehouse/duckdb/engine.ts';
import { openDuckdbWarehouse } from '../../warehouse/duckdb/open-duckdb-warehouse.ts';
import { publishBatch } from '../../warehouse/duckdb/publish-batch.ts';
import { decodeBatch, stageBatch } from '../../warehouse/duckdb/stage-batch.ts';
import { batchOf, decodeRows, visit } from '../harness/simple-stream.ts';
import { openTestWarehouse, warehouseOptions, type TestWarehouse } from './open-test-warehouse.ts';

describe('the one DuckDB instance', () => {
  let opened: TestWarehouse;
  beforeAll(async () => {
    opened = await openTestWarehouse();
    await opened.warehouse.prepare([visit]);
  });
  afterAll(() => opened.remove());
  const run = (sql: string) => opened.warehouse.select(sql);

  it('C15 a second process is refused by the file lock, and told so', () => {
    const { file } = opened.options;
    const script = `const { DuckDBInstance } = await import('@duckdb/node-api');
      await DuckDBInstance.fromCache(${JSON.stringify(file)}).catch((e) => console.log(e.message));`;
    const other = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      cwd: join(import.meta.dirname, '..', '..'),
    });
    expect(other.stdout).toContain('Could not set lock');
  });

  it('C15 opening a file that another process owns fails with home-in-use', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'phusa-lock-'));
    const options = warehouseOptions(directory);
    const script = `const { DuckDBInstance } = await import('@duckdb/node-api');
      const db = await DuckDBInstance.fromCache(${JSON.stringify(options.file)});
      process.stdout.write('ready'); setInterval(() => db, 1000);`;
    const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
      cwd: join(import.meta.dirname, '..', '..'),
    });
    await new Promise((resolve) => owner.stdout.once('data', resolve));
    await expect(openDuckdbWarehouse(options)).rejects.toMatchObject({
      group: 'fatal',
      code: 'home-in-use',
    });
    owner.kill('SIGKILL');
    await new Promise((resolve) => owner.once('exit', resolve));
    const again = await openDuckdbWarehouse(options);
    await again.health();
    await again.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('G21-G30 is hardened: no other files, no extensions, no settings', async () => {
    for (const sql of [
      `select * from read_text('/etc/passwd')`,
      `select * from read_text('${opened.directory}/spool/../../../etc/passwd')`,
      `copy (select 1) to '/tmp/phusa-escape.csv'`,
      `attach '/tmp/phusa-escape.duckdb'`,
      `install httpfs`,
      `load httpfs`,
      `set memory_limit = '1TB'`,
      `set enable_external_access = true`,
      `set allowed_directories = ['/']`,
      `reset temp_directory`,
      `pragma memory_limit = '1TB'`,
    ]) {
      await expect(run(sql), sql).rejects.toMatchObject({ code: 'sql-failed' });
    }
    expect(existsSync('/tmp/phusa-escape.csv')).toBe(false);
    expect((await run(`select current_setting('TimeZone')`)).rows).toEqual([['Asia/Ho_Chi_Minh']]);
  });

  it('G34 knows every setting of this DuckDB: what a new version adds is reviewed first', async () => {
    const file = join(import.meta.dirname, 'known-settings.txt');
    const known = readFileSync(file, 'utf8').trim().split('\n');
    const settings = await run('select name from duckdb_settings() order by name');
    expect(settings.rows.map(([name]) => name)).toEqual(known);
  });

  it('C29 G33 a query over the memory limit fails alone', async () => {
    const small = await openTestWarehouse({ memoryLimit: '100MB', tempLimit: '1MB' });
    const greedy = 'select list(i), list(i + 1) from range(20000000) t(i)';
    await expect(small.warehouse.select(greedy)).rejects.toMatchObject({
      code: expect.stringMatching(/warehouse-(out-of-memory|disk-full)/) as string,
    });
    await small.warehouse.health();
    await small.remove();
  });

  it('has no key, no unique constraint and no index on any table', async () => {
    expect((await run('select count(*) from duckdb_indexes()')).rows).toEqual([['0']]);
    const constraints = await run(
      `select count(*) from duckdb_constraints()
       where constraint_type <> 'NOT NULL' and database_name = current_database()`,
    );
    expect(constraints.rows).toEqual([['0']]);
  });

  it('exports CSV and Parquet with bound values and counts the file again', async () => {
    const decode = decodeRows(
      { visit: [{ values: { code: 'x', day: null, amount: '1', name: 'dòng\nhai, "ba"' } }] },
      [visit],
    );
    const staged = await opened.warehouse.stage(batchOf('exported', [visit]), decode, []);
    await opened.warehouse.publish(staged, new Date('2026-01-01T00:00:00Z'));
    const out = join(opened.directory, 'out');
    for (const format of ['csv', 'parquet'] as const) {
      const target = { format, path: join(out, `visit.${format}`) };
      const sql = 'select code, amount, name from staging.visit where code = $1';
      expect(await opened.warehouse.export(sql, target, { values: ['x'] })).toEqual({ rows: 1 });
      expect(await opened.warehouse.export(sql, target, { values: ['y'] })).toEqual({ rows: 0 });
    }
    const outside = { format: 'csv', path: '/tmp/phusa-escape.csv' } as const;
    await expect(opened.warehouse.export('select 1', outside)).rejects.toBeDefined();
  });

  it('decode has scratch files, gone with the batch', async () => {
    const spool = join(opened.directory, 'spool', 'scratch');
    const staged = await opened.warehouse.stage(
      batchOf('scratch', [visit]),
      async (session) => {
        await session.run(`copy (select 'k' as code) to '${session.scratch('../../part.csv')}'`);
        await session.run(`create temp table part as
          select * from read_csv('${session.scratch('part.csv')}', header = true)`);
        expect(await session.rows('select count(*) as n from part')).toEqual([{ n: '1' }]);
        await decodeRows({}, [visit])(session);
      },
      [],
    );
    expect(readdirSync(spool)).toEqual([expect.stringMatching(/^scratch[.]/)]);
    await opened.warehouse.discard(staged);
    expect(readdirSync(spool)).toEqual([]);
  });
});

describe('after a FATAL error', () => {
  it('C17 an error from a COMMIT that was durable is no duplicate and no loss', async () => {
    const opened = await openTestWarehouse();
    await opened.warehouse.prepare([visit]);
    await opened.warehouse.close();
    const engine = await Engine.start(opened.options);
    const batch = batchOf('unsure', [visit]);
    const rows = [{ values: { code: 'a', day: null, amount: '1', name: null } }];
    const decode = decodeRows({ visit: rows }, [visit]);
    const staged = await stageBatch(engine, await decodeBatch(engine, batch, decode), []);
    const honest = staged.connection.run.bind(staged.connection);
    const lying: typeof honest = async (sql, ...rest) => {
      const result = await honest(sql, ...rest);
      if (sql === 'commit')
        throw new Error('FATAL Error: Transaction COMMIT succeeded and is durable');
      return result;
    };
    staged.connection.run = lying;
    const published = await publishBatch(engine, staged, new Date('2026-01-01T00:00:00Z'));
    expect(published.counts['visit']?.new).toBe(1);
    engine.close();
    const again = await openDuckdbWarehouse(opened.options);
    expect(await again.published('unsure')).toEqual(published);
    expect((await again.select('select count(*) from staging.visit')).rows).toEqual([['1']]);
    await again.close();
    rmSync(opened.directory, { recursive: true, force: true });
  });

  it('C17 an error from a COMMIT that was lost is retriable; a second try loads it once', async () => {
    const opened = await openTestWarehouse();
    await opened.warehouse.prepare([visit]);
    await opened.warehouse.close();
    const engine = await Engine.start(opened.options);
    const batch = batchOf('lost', [visit]);
    const rows = [{ values: { code: 'a', day: null, amount: '1', name: null } }];
    const decode = decodeRows({ visit: rows }, [visit]);
    const staged = await stageBatch(engine, await decodeBatch(engine, batch, decode), []);
    const honest = staged.connection.run.bind(staged.connection);
    staged.connection.run = (sql, ...rest) =>
      sql === 'commit'
        ? Promise.reject(new Error('FATAL Error: Failed to create checkpoint'))
        : honest(sql, ...rest);
    const time = new Date('2026-01-01T00:00:00Z');
    await expect(publishBatch(engine, staged, time)).rejects.toMatchObject({
      group: 'retriable',
      code: 'publish-not-committed',
    });
    const again = await stageBatch(engine, await decodeBatch(engine, batch, decode), []);
    const second = await publishBatch(engine, again, time);
    expect(second.counts['visit']?.new).toBe(1);
    engine.close();
    rmSync(opened.directory, { recursive: true, force: true });
  });

  it('the engine reopens by itself and answers the next question; staged rows are declared lost', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'phusa-fatal-'));
    mkdirSync(join(directory, 'landing'));
    const engine = await Engine.start(warehouseOptions(directory));
    await expect(
      engine.use(() => Promise.reject(new Error('FATAL Error: database has been invalidated'))),
    ).rejects.toMatchObject({ group: 'retriable', code: 'warehouse-reopened' });
    const answer = await engine.use(async (connection) =>
      (await connection.runAndReadAll('select 42')).value(0, 0),
    );
    expect(answer).toBe(42);
    engine.close();
    rmSync(directory, { recursive: true, force: true });
  });
});

describe('a file that cannot be read', () => {
  it('C22 C23 says so, with the way back, and touches nothing', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'phusa-rotten-'));
    const options = warehouseOptions(directory);
    writeFileSync(options.file, 'this is no database'.repeat(1000));
    const before = readFileSync(options.file);
    await expect(openDuckdbWarehouse(options)).rejects.toMatchObject({
      group: 'fatal',
      code: 'warehouse-unreadable',
      remedy: { en: expect.stringContaining('the next opening rebuilds') as string },
    });
    expect(readFileSync(options.file)).toEqual(before);
    rmSync(directory, { recursive: true, force: true });
  });
});

describe('bulk loads', () => {
  it('a batch of more than a row group, then all of it unchanged, then a tenth changed', async () => {
    const opened = await openTestWarehouse();
    await opened.warehouse.prepare([visit]);
    const load = async (batch: string, amount: string, minute: number) => {
      const staged = await opened.warehouse.stage(
        batchOf(batch, [visit]),
        (session) =>
          session.run(`create temp table decoded_visit as
            select i::varchar as code, date '2026-01-01' as day, (${amount})::decimal(18,2) as amount,
              null::varchar as name, 0::integer as _file, i as _row, null::timestamptz as _published_at,
              null::varchar as _status, null::varchar as _reason, null::varchar as _field,
              null::varchar as _value, null::varchar as _raw
            from range(300000) t(i)`),
        [],
      );
      const published = await opened.warehouse.publish(
        staged,
        new Date(Date.UTC(2026, 0, 1, 0, minute)),
      );
      return published.counts['visit'];
    };
    expect(await load('one', 'i', 1)).toMatchObject({ received: 300_000, new: 300_000 });
    expect(await load('two', 'i', 2)).toMatchObject({ received: 300_000, unchanged: 300_000 });
    expect(await load('three', 'i + (i % 10 = 0)::int', 3)).toMatchObject({
      changed: 30_000,
      unchanged: 270_000,
    });
    const sizes = await opened.warehouse.select(
      `select (select count(*) from staging.visit), (select count(distinct code) from staging.visit),
         (select count(*) from history.visit), (select sum(amount) from staging.visit)`,
    );
    expect(sizes.rows).toEqual([['300000', '300000', '30000', '44999880000.00']]);
    await opened.remove();
  });
});
