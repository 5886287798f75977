import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stillPresent } from '../../trace/still-present.ts';
import { fileOf, openIngestHome, type IngestHome } from '../workflows/ingest-home.ts';

const sql = 'select code, amount from staging.visit';
const spending = { key: 'mart.spending', sql, sqlSha256: 'a', inputs: ['staging.visit'] };
let home: IngestHome;

beforeAll(async () => {
  home = await openIngestHome();
  await home.register('kham');
  home.world.files.set('a', fileOf(['1', '10']));
  await home.ingest('kham');
});
afterAll(() => home.remove());

const newest = async () => (await home.warehouse.ledger()).at(-1)?.recordedAt ?? '';
const build = async () =>
  await home.warehouse.materialize({
    key: 'mart.spending',
    sql,
    sqlSha256: 'a',
    inputs: { 'staging.visit': await home.warehouse.version('staging.visit') },
    checks: [],
  });
const holds = (asOf: string, asset = 'mart.spending', assets = [spending]) =>
  stillPresent(home.warehouse, [asset], assets, asOf);

describe('whether a present table holds what it held', () => {
  it('is true from its last change on, until its inputs change', async () => {
    const asOf = await newest();
    expect(await holds(asOf)).toBe(false);
    await build();
    expect(await holds(asOf)).toBe(true);
    expect(await holds(asOf, 'staging.visit')).toBe(true);
    expect(await holds(new Date(Date.parse(asOf) - 1).toISOString())).toBe(false);

    home.world.files.set('a', fileOf(['1', '11']));
    await home.ingest('kham');
    expect(await holds(asOf)).toBe(false);
    expect(await holds(asOf, 'staging.visit')).toBe(false);
    expect(await holds(await newest())).toBe(false);
    await build();
    expect(await holds(await newest())).toBe(true);
    expect(await holds(asOf)).toBe(false);
  });

  it('is false for a table built by other SQL than was in force', async () => {
    const other = [{ ...spending, sqlSha256: 'b' }];
    expect(await holds(await newest(), 'mart.spending', other)).toBe(false);
  });

  it('does not mind what happens to other tables', async () => {
    const asOf = await newest();
    await home.warehouse.materialize({
      key: 'mart.unrelated',
      sql: 'select 1 as one',
      sqlSha256: 'z',
      inputs: {},
      checks: [],
    });
    expect(await holds(asOf)).toBe(true);
    expect(await holds(asOf, 'staging.never_loaded')).toBe(true);
  });
});
