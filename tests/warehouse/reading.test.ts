import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileOf, openIngestHome, type IngestHome } from '../workflows/ingest-home.ts';

let home: IngestHome;
let before = '';

beforeAll(async () => {
  home = await openIngestHome();
  await home.register('kham');
  home.world.files.set('a', fileOf(['1', '10'], ['2', '5.5']));
  await home.ingest('kham');
  before = (await home.warehouse.ledger()).at(-1)?.recordedAt ?? '';
  home.world.files.set('a', fileOf(['1', '10'], ['2', '7']));
  await home.ingest('kham');
});
afterAll(() => home.remove());

const assets = [
  { key: 'staging.paid', sql: 'select code, amount, uuid() as mark from staging.visit' },
  { key: 'mart.paid_total', sql: 'select sum(amount) as total from staging.paid' },
];
const total = 'select total from mart.paid_total';

describe('several selects on one view', () => {
  it('see one time, and agree with single selects of it', async () => {
    const rows = await home.warehouse.reading({ asOf: before, assets }, async (select) => [
      (await select(total)).rows,
      (await select('select sum(amount) from staging.visit')).rows,
    ]);
    expect(rows).toEqual([[['15.50']], [['15.50']]]);
    expect((await home.warehouse.select(total, { asOf: before, assets })).rows).toEqual(rows[0]);
    const now = await home.warehouse.reading({}, (select) =>
      select('select sum(amount) from staging.visit'),
    );
    expect(now.rows).toEqual([['17.00']]);
  });

  it('compute a derived asset once', async () => {
    const marks = 'select mark from staging.paid order by mark';
    const [one, two] = await home.warehouse.reading({ asOf: before, assets }, async (select) => [
      await select(marks),
      await select(marks),
    ]);
    expect(one.rows).toHaveLength(2);
    expect(two.rows).toEqual(one.rows);
  });

  it('leave nothing behind, also when the work fails', async () => {
    const broken = home.warehouse.reading({ asOf: before, assets }, async (select) => {
      await select(total);
      throw new Error('enough');
    });
    await expect(broken).rejects.toThrow();
    const left = "select count(*) from duckdb_databases() where database_name like 'past%'";
    expect(await home.cells(left)).toEqual([['0']]);
  });

  it('refuse a derived asset without SQL', async () => {
    await expect(
      home.warehouse.reading({ asOf: before }, (select) => select(total)),
    ).rejects.toMatchObject({ code: 'past-sql-missing' });
  });
});
