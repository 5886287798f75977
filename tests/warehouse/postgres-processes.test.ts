import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runChild } from '../harness/killer.ts';
import { startPostgres, type TestPostgres } from '../harness/postgres.ts';
import { loadSource } from './load-source.ts';
import { openInDatabase } from './open-postgres-warehouse.ts';
import { openTestWarehouse } from './open-test-warehouse.ts';

const script = join(import.meta.dirname, 'load-beside.ts');
const sources = ['a', 'b'];
const tables = ['staging.visit', 'history.visit', 'staging.visit_a', 'history.visit_b'];

describe('several processes on one PostgreSQL warehouse', () => {
  let server: TestPostgres;
  const root = mkdtempSync(join(tmpdir(), 'phusa-processes-'));
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(async () => {
    await server.stop();
    rmSync(root, { recursive: true, force: true });
  });

  it('load different sources at once and leave what one process leaves, on either engine', async () => {
    const url = await server.database();
    const ends = await Promise.all(
      sources.map((source) => runChild(script, { args: [url, join(root, source), source] })),
    );
    expect(ends.map(({ code, stderr }) => [code, stderr])).toEqual(sources.map(() => [0, '']));
    const one = await openTestWarehouse();
    for (const source of sources) await loadSource(one.warehouse, source);
    const both = await openInDatabase(url);
    for (const table of tables)
      expect([table, await both.warehouse.contentHash(table)]).toEqual([
        table,
        await one.warehouse.contentHash(table),
      ]);
    expect(await both.warehouse.ledger()).toHaveLength((await one.warehouse.ledger()).length);
    await both.remove();
    await one.remove();
  }, 120_000);

  it('settle only what is theirs: nobody is alone while another has the warehouse open', async () => {
    const url = await server.database();
    const one = await openInDatabase(url);
    expect(await one.warehouse.whenAlone(() => Promise.resolve('alone'))).toBe('alone');
    const other = await openInDatabase(url);
    expect(await one.warehouse.whenAlone(() => Promise.resolve('alone'))).toBeUndefined();
    await other.remove();
    await one.remove();
  }, 60_000);
});
