import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pxweb } from '../../connectors/pxweb/connector.ts';
import { openSourceHome, type SourceHome } from '../harness/source-home.ts';
import { ledger, smallCity } from './start.ts';

let home: SourceHome;
beforeEach(async () => {
  home = await openSourceHome();
});
afterEach(() => home.remove());

const config = (url: string) => ({
  base: `${url}/pxweb/api/v1/vi`,
  publisher: 'tk-hp',
  format: 'json-stat',
  maxCells: 400,
  maxCalls: 1000,
  windowSeconds: 1,
  networks: ['127.0.0.1/32'],
  tables: [
    {
      id: 'V02.01',
      path: 'Dân số/V02.01.px',
      area: 'Địa phương',
      time: 'Năm',
      indicator: 'Chỉ tiêu',
      totals: { 'Địa phương': ['Toàn thành phố'] },
    },
  ],
});

/** The city allows ten calls a second; by this clock of its own it is never asked more often. */
const unhurried = () => {
  let milliseconds = Date.parse('2025-10-05T08:00:00Z');
  return () => (milliseconds += 150);
};

describe('the yearbook behind PX-Web', () => {
  it('every figure the ledger means is read, and no other', async () => {
    const city = await smallCity({ clock: unhurried() });
    const { batches, failure } = await home.ingest(pxweb, config(city.url));
    expect([failure, batches.map(({ status }) => status)]).toEqual([undefined, ['published']]);
    const meant = await ledger(city, 'yearbook', '2000-01-01', '2030-01-01');
    const read = await home.rows(`select area, period, vintage, indicator, value_as_given
      from staging.socioeconomic_figure order by _file, _row`);
    const key = (parts: readonly unknown[]) => parts.map(String).join('|').replaceAll(/\s+/g, ' ');
    expect(
      read
        .map((row) => key([...row.slice(0, 4), row[4] === '' ? null : Number(row[4])]))
        .toSorted(),
    ).toEqual(
      meant
        .map((row) =>
          key([
            row['area'],
            row['year'],
            row['preliminary'] === true ? 'preliminary' : '',
            row['item'],
            row['value'] === null ? null : Number(row['value']),
          ]),
        )
        .toSorted(),
    );
    // The city is the sum of its communes, and is not among them.
    expect(
      await home.rows(`select count(*) from (select period, indicator,
        sum(value) filter (where aggregate_over = '') <= 200 + max(value) filter (where aggregate_over <> '') as fits
        from staging.socioeconomic_figure group by all) where not fits`),
    ).toEqual([['0']]);
  });

  it.each(['html200', 'truncate', 'http500', 'reset'] as const)(
    'a passing %s loses and doubles nothing',
    async (kind) => {
      const city = await smallCity({ clock: unhurried() });
      await home.ingest(pxweb, config(city.url));
      await fetch(`${city.url}/_faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ path: '/pxweb/', kind, times: 1 }),
      });
      const first = await home.ingest(pxweb, config(city.url), { full: true });
      const second = await home.ingest(pxweb, config(city.url), { full: true });
      const moved = [first, second]
        .flatMap(({ batches }) => batches.flatMap(({ counts }) => Object.values(counts)))
        .filter((one) => one.new + one.changed + one.deleted > 0);
      expect([moved, second.failure]).toEqual([[], undefined]);
    },
  );
});
