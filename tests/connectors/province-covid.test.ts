import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { provinceCovid } from '../../connectors/province-covid/connector.ts';
import type { JsonObject } from '../../core/json.ts';
import * as fault from '../harness/fault-server.ts';
import { openSourceHome, type SourceHome } from '../harness/source-home.ts';

let home: SourceHome;
const servers: fault.FaultServer[] = [];
const directories: string[] = [];
beforeEach(async () => {
  home = await openSourceHome();
});
afterEach(async () => {
  for (const one of servers.splice(0)) await one.close();
  for (const one of directories.splice(0)) rmSync(one, { recursive: true });
  await home.remove();
});

const record = (id: number, name: string, more: JsonObject = {}) => ({
  id,
  name,
  population: 1000 * id,
  total_case: 10,
  total_death: 1,
  total_active: 0,
  total_recovered: 0,
  last_updated: '22/01/2022 18:05:00',
  ...more,
});
const vaccine = (id: number) => ({
  id,
  total_injected_by_time: { '1/9/2021': 10, '2/9/2021': 30 },
  once_injected_by_time: { '1/9/2021': 10, '2/9/2021': 8 },
  twice_injected_by_time: { '1/9/2021': 0, '2/9/2021': 22 },
});
const cases = (id: number, by: JsonObject) => ({ id, case_by_day: by, death_by_day: {} });

async function portal(more: Readonly<Record<string, fault.Fault | readonly fault.Fault[]>> = {}) {
  const server = await fault.startFaultServer({
    '/covid/provinces': fault.json([record(1, 'Hà Nội'), record(2, 'TP. Hồ Chí Minh')]),
    '/covid/province/20': fault.json(
      cases(1, { '18/3/2020': 0, '19/3/2020': 3, '1/4/2020': '2.0' }),
    ),
    '/covid/province/2': fault.json(cases(2, { '18/3/2020': 1 })),
    '/vaccine/province/20': fault.json(vaccine(1)),
    '/vaccine/province/2': fault.json(vaccine(2)),
    ...more,
  });
  servers.push(server);
  return server;
}
const ingest = (config: JsonObject) => home.ingest(provinceCovid, config);
const days = (where: string) =>
  home.rows(
    `select province_number::varchar, measure, report_day::varchar, value::varchar, is_correction from staging.covid_province_day where ${where} order by all`,
  );

describe('the portal', () => {
  it('B33 wide days become rows; the two numberings meet by the id inside of the answer', async () => {
    const { url } = await portal();
    const { batches, failure } = await ingest({ base: url });
    expect([failure, batches.map(({ key, status, findings }) => [key, status, findings])]).toEqual([
      undefined,
      [
        ['cases', 'published', []],
        ['vaccines', 'published', []],
      ],
    ]);
    expect(await days("measure = 'case'")).toEqual([
      ['1', 'case', '2020-03-18', '0', false],
      ['1', 'case', '2020-03-19', '3', false],
      ['1', 'case', '2020-04-01', '2', false],
      ['2', 'case', '2020-03-18', '1', false],
    ]);
    // People who were counted as "once" move on: the total falls, and says so.
    expect(await days("measure = 'injected_once' and province_number = 1")).toEqual([
      ['1', 'injected_once', '2021-09-01', '10', false],
      ['1', 'injected_once', '2021-09-02', '8', true],
    ]);
    expect(
      await home.rows(
        'select province_name, population::varchar, total_active, total_recovered, updated_at::varchar from staging.covid_province order by 2',
      ),
    ).toEqual([
      ['Hà Nội', '1000', null, null, '2022-01-22 18:05:00'],
      ['TP. Hồ Chí Minh', '2000', null, null, '2022-01-22 18:05:00'],
    ]);
  });

  it('B16 an answer for another province than was asked for is refused', async () => {
    const { url } = await portal({ '/covid/province/20': fault.json(cases(20, {})) });
    const { failure, batches } = await ingest({ base: url });
    expect([failure?.code, batches]).toEqual(['member-shifted', []]);
  });

  it('B26 a bulk report of the past is kept and marked; an outbreak is not', async () => {
    const day = (n: number) => `${1 + (n % 28)}/${1 + Math.floor(n / 28)}/2021`;
    const bulk = Object.fromEntries(
      Array.from({ length: 60 }, (_, n) => [day(n), n === 40 ? 151_919 : 500]),
    );
    const outbreak = Object.fromEntries(
      Array.from({ length: 60 }, (_, n) => [day(n), n < 20 ? 10 : 400 * (n - 18)]),
    );
    const { url } = await portal({
      '/covid/province/20': fault.json(cases(1, { ...bulk, '1/12/2021': -7 })),
      '/covid/province/2': fault.json(cases(2, outbreak)),
    });
    await ingest({ base: url, vaccines: false });
    expect(await days('is_correction')).toEqual([
      ['1', 'case', '2021-02-13', '151919', true],
      ['1', 'case', '2021-12-01', '-7', true],
    ]);
  });

  it('B22 B26 a series that lost its past is held, a corrected number goes to history', async () => {
    const long = Object.fromEntries(Array.from({ length: 27 }, (_, n) => [`${n + 1}/3/2020`, 5]));
    const { url } = await portal({
      '/covid/province/2': [
        fault.json(cases(2, long)),
        fault.json(cases(2, { ...long, '3/3/2020': 6 })),
        fault.json(cases(2, { '1/3/2020': 5 })),
      ],
    });
    const config = { base: url, vaccines: false };
    await ingest(config);
    const second = await ingest(config);
    expect(second.batches[0]?.counts['covid_province_day']).toMatchObject({ changed: 1, new: 0 });
    expect((await ingest(config)).batches[0]).toMatchObject({
      status: 'held',
      findings: ['days-vanished'],
    });
    expect(await days("province_number = 2 and report_day = '2020-03-03'")).toEqual([
      ['2', 'case', '2020-03-03', '6', false],
    ]);
  });

  it.each<[string, fault.Fault]>([
    ['A10 reset before headers', fault.resetBeforeHeaders],
    ['A28 502', fault.status(502)],
    ['A30 a maintenance page', fault.answer('<html>Bảo trì</html>')],
    ['A12 half a JSON', fault.answer('{"id":2,"case_by')],
  ])('%s, once: asked again', async (_name, once) => {
    const { url } = await portal({
      '/covid/province/2': [once, fault.json(cases(2, { '18/3/2020': 1 }))],
    });
    const { batches, failure } = await ingest({ base: url, vaccines: false });
    expect([failure, batches.map(({ status }) => status)]).toEqual([undefined, ['published']]);
    expect(await days('province_number = 2')).toEqual([['2', 'case', '2020-03-18', '1', false]]);
  });

  it.each<[string, fault.Fault, RegExp]>([
    ['A30 maintenance for ever', fault.answer('<html></html>'), /answer-not-json/],
    [
      'A29 500 for one province for ever: the others are not published alone',
      fault.status(500),
      /http|server/,
    ],
    ['A35 404 for one province', fault.status(404), /not-found|http/],
    ['A18 a gzip bomb', fault.gzipBomb(60_000_000), /answer-too-large/],
  ])('%s', async (_name, always, code) => {
    const { url } = await portal({ '/covid/province/2': always });
    const { batches, failure } = await ingest({ base: url, vaccines: false });
    expect(failure?.code).toMatch(code);
    expect(batches).toEqual([]);
  });
});

describe('wide files', () => {
  const directory = (text: string) => {
    const base = mkdtempSync(join(tmpdir(), 'phusa-covid-'));
    directories.push(base);
    writeFileSync(join(base, 'case.csv'), text);
    return base;
  };
  it('B30 blanks are no figure, 0.0 is 0; numbers of addresses become those of records', async () => {
    const base = directory('id,18/3/2020,19/3/2020\n2,0.0,5\n20,,7\n');
    await ingest({ base, files: [{ file: 'case.csv', measure: 'case', numbering: 'path' }] });
    expect(await days('true')).toEqual([
      ['1', 'case', '2020-03-19', '7', false],
      ['2', 'case', '2020-03-18', '0', false],
      ['2', 'case', '2020-03-19', '5', false],
    ]);
  });

  it('B32 a column that is no day is quarantined, not read as one', async () => {
    const base = directory(
      'id,18/3/2020,19/3/2020,20/3/2020,21/3/2020,22/3/2020,tong\n2,1,2,3,4,5,15\n',
    );
    const { batches } = await ingest({ base, files: [{ file: 'case.csv', measure: 'case' }] });
    expect(batches[0]?.counts['covid_province_day']).toMatchObject({ quarantined: 1, new: 5 });
  });

  const shared = join(
    dirname(fileURLToPath(import.meta.url)),
    '../../../shared/data/covid-vn-province/case.csv',
  );
  it.runIf(existsSync(shared))(
    'case.csv: rows and sums equal those of a program that imports nothing of ours',
    async () => {
      const { batches } = await ingest({
        base: dirname(shared),
        files: [{ file: 'case.csv', measure: 'case' }],
      });
      expect(batches.map(({ status, findings }) => [status, findings])).toEqual([
        ['published', []],
      ]);
      const counter = join(
        dirname(fileURLToPath(import.meta.url)),
        '../second-reading/wide-days.py',
      );
      const expected: unknown = JSON.parse(
        execFileSync('python3', [counter, shared], { encoding: 'utf8' }),
      );
      const [[rows, sum, provinces, dates] = []] = await home.rows(
        'select count(*)::varchar, sum(value)::varchar, count(distinct province_number)::varchar, count(distinct report_day)::varchar from staging.covid_province_day',
      );
      expect({
        rows: Number(rows),
        sum: Number(sum),
        provinces: Number(provinces),
        days: Number(dates),
      }).toEqual(expected);
      const flagged = await days('is_correction');
      expect(flagged.map(([, , day, value]) => [day, value])).toContainEqual([
        '2021-10-25',
        '151919',
      ]);
      expect(flagged.length).toBeLessThan(60);
    },
  );
});
