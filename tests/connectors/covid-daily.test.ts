import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { covidDaily } from '../../connectors/covid-daily/connector.ts';
import * as fault from '../harness/fault-server.ts';
import { openSourceHome, type SourceHome } from '../harness/source-home.ts';

const daily = join(dirname(fileURLToPath(import.meta.url)), '../../../shared/data/covid-jhu/daily');
const hasReal = existsSync(daily);
if (!hasReal) console.warn(`skipped: the real daily reports are not at ${daily}`);

let home: SourceHome;
let directory: string;

beforeEach(async () => {
  home = await openSourceHome();
  directory = mkdtempSync(join(tmpdir(), 'phusa-covid-'));
});
afterEach(async () => {
  await home.remove();
  rmSync(directory, { recursive: true });
});

const v1 = 'Province/State,Country/Region,Last Update,Confirmed,Deaths,Recovered';
const v4 =
  'FIPS,Admin2,Province_State,Country_Region,Last_Update,Lat,Long_,Confirmed,Deaths,Recovered,Active,Combined_Key,Incident_Rate,Case_Fatality_Ratio';

function put(name: string, ...lines: readonly string[]): void {
  writeFileSync(join(directory, name), lines.join('\n'));
}

const ingest = (options = {}) => home.ingest(covidDaily, { base: directory }, options);
const report = (columns: string, tail = 'order by all') =>
  home.rows(`select ${columns} from staging.covid_report ${tail}`);

describe('spellings', () => {
  it('A42 reads BOM, CRLF, blanks, leading spaces, decomposed letters and a missing final newline', async () => {
    writeFileSync(
      join(directory, '01-22-2020.csv'),
      `\ufeff${v1}\r\n, Azerbaijan,1/22/2020 17:00,1,,\r\nHa\u0309i Pho\u0300ng,Vietnam,2020-01-22T03:43:02,2,0,1`,
    );
    expect((await ingest()).batches.map(({ status }) => status)).toEqual(['published']);
    expect(
      await report('country, province, confirmed, deaths, recovered, active, last_update'),
    ).toEqual([
      ['Azerbaijan', '', '1', '0', '0', null, '2020-01-23T00:00:00+07:00'],
      ['Vietnam', 'Hải Phòng', '2', '0', '1', null, '2020-01-22T10:43:02+07:00'],
    ]);
  });

  it('B32 reads every spelling of the update time as UTC', async () => {
    const times = [
      '1/31/2020 23:59',
      '2/1/2020 1:52',
      '2020-02-02T03:43:02',
      '3/8/20 5:31',
      '2020-03-23 23:19:34',
      '01-23-2020T17:00',
      '02-01-2020T7:38',
    ];
    put('02-01-2020.csv', v1, ...times.map((time, index) => `,C${index},${time},1,0,0`));
    await ingest();
    expect(
      await report(
        "strftime(last_update at time zone 'UTC', '%Y-%m-%d %H:%M:%S')",
        'order by country',
      ),
    ).toEqual(
      [
        '2020-01-31 23:59:00',
        '2020-02-01 01:52:00',
        '2020-02-02 03:43:02',
        '2020-03-08 05:31:00',
        '2020-03-23 23:19:34',
        '2020-01-23 17:00:00',
        '2020-02-01 07:38:00',
      ].map((text) => [text]),
    );
  });

  it('B27 B29 maps columns by name, in any order, in every generation', async () => {
    put(
      '02-20-2021.csv',
      v4.split(',').reverse().join(','),
      [
        ...'159.9,0.5,"Unknown, Belgium",-8199,0,21887,13688,4,50,2021-02-21 05:24:33,Belgium,Unknown,,'.split(
          ',',
        ),
      ].join(','),
    );
    const { batches } = await ingest();
    expect(batches[0]?.findings).toEqual([]);
    expect(
      await report('province, confirmed, deaths, active, case_fatality_ratio, header_generation'),
    ).toEqual([['Unknown', '13688', '21887', '-8199', '159.900000', 'V5']]);
  });

  it('A43 keeps whole numbers beyond 2^53 exact and refuses what is no whole number', async () => {
    put(
      '02-01-2020.csv',
      v1,
      ',A,2020-02-01 00:00:00,9007199254740993,1.0,0',
      ',B,2020-02-01 00:00:00,1.5,0,0',
    );
    const { batches } = await ingest();
    expect(batches[0]?.counts['covid_report']).toMatchObject({
      received: 2,
      new: 1,
      quarantined: 1,
    });
    expect(await report('confirmed, deaths')).toEqual([['9007199254740993', '1']]);
    expect(await home.rows('select reason, field, value from meta.quarantine')).toEqual([
      ['integer-invalid', 'confirmed', '1.5'],
    ]);
  });

  it('B33 keeps printed names beside canonical ones', async () => {
    put(
      '03-10-2020.csv',
      v1,
      ',Viet Nam,2020-03-10T00:00:00,31,0,16',
      'Hong Kong SAR,Hong Kong SAR,2020-03-10T00:00:00,120,3,65',
    );
    await ingest();
    expect(await report('country, province, country_as_given, province_as_given')).toEqual([
      ['China', 'Hong Kong', 'Hong Kong SAR', 'Hong Kong SAR'],
      ['Vietnam', '', 'Viet Nam', ''],
    ]);
  });

  it('B16 tells lines of one place apart and counts equal lines as duplicates', async () => {
    const line = (n: number) => `Gansu,China,2020-03-11T00:00:00,${n},2,88`;
    put(
      '03-11-2020.csv',
      v1,
      line(127),
      line(0),
      line(127),
      'Gansu,Mainland China,2020-03-11T00:00:00,0,0,0',
    );
    const { batches } = await ingest();
    expect(batches[0]?.counts['covid_report']).toMatchObject({ received: 4, new: 3, duplicate: 1 });
    expect(await report('country, confirmed, occurrence')).toEqual([
      ['China', '0', '1'],
      ['China', '0', '2'],
      ['China', '127', '1'],
    ]);
  });
});

describe('files that must not be published', () => {
  const good = [v1, ...['A', 'B', 'C', 'D'].map((c) => `,${c},2020-02-01 00:00:00,100,0,0`)];
  const first = () => put('02-01-2020.csv', ...good);

  it.each([
    ['a column missing', [v1.replace('Confirmed', 'Cases')], 'header-missing-column'],
    ['a column renamed', [v4.replace('FIPS', 'Code')], 'header-unknown-column'],
    ['two columns of one name', [`${v1},Deaths`], 'header-duplicate'],
    ['A30 an HTML page', ['<!doctype html><html>maintenance</html>'], 'file-not-csv'],
    ['A31 an error in JSON', ['{"error_code":1001,"message":"x"}'], 'file-not-csv'],
    ['nothing', [''], 'file-empty'],
  ])('%s: failed with %s', async (_what, lines, code) => {
    first();
    await ingest();
    put('02-02-2020.csv', ...lines);
    const { batches } = await ingest();
    expect(batches.at(-1)).toMatchObject({
      status: 'failed',
      findings: [code],
      failure: { group: 'data' },
    });
    expect(await report('distinct report_day')).toEqual([['2020-02-01']]);
  });

  it('A41 UTF-16 is read like UTF-8', async () => {
    writeFileSync(
      join(directory, '02-01-2020.csv'),
      Buffer.from(`\ufeff${good.join('\n')}`, 'utf16le'),
    );
    expect((await ingest()).batches[0]).toMatchObject({ status: 'published', findings: [] });
    expect(await report('distinct report_day')).toEqual([['2020-02-01']]);
  });

  it('A14 B42 a line that is cut off holds the file; the line is kept', async () => {
    first();
    put('02-02-2020.csv', ...good, ',E,2020-02-0');
    const { batches } = await ingest();
    expect(batches[1]).toMatchObject({ status: 'held', findings: ['lines-unreadable'] });
    expect(await home.rows('select reason, raw from meta.quarantine')).toEqual([
      ['line-missing-columns', ',E,2020-02-0'],
    ]);
  });

  it('A14 B22 a file cut at the end of a line holds by its total', async () => {
    first();
    put('02-02-2020.csv', ...good.slice(0, 3));
    expect((await ingest()).batches[1]).toMatchObject({
      status: 'held',
      findings: ['total-dropped'],
    });
  });

  it('A41 legacy encodings are quarantined and hold the file, never shown as mojibake', async () => {
    first();
    writeFileSync(
      join(directory, '02-02-2020.csv'),
      Buffer.from(`${good.join('\n')}\nTh\xeda Thi\xean,VN,2020-02-02 00:00:00,1,0,0`, 'latin1'),
    );
    expect((await ingest()).batches[1]).toMatchObject({
      status: 'held',
      findings: ['lines-unreadable'],
    });
  });

  it('B29 an undeclared rename holds the file; a new country alone does not', async () => {
    first();
    put('02-02-2020.csv', ...good, ',New,2020-02-02 00:00:00,500,0,0');
    put(
      '02-03-2020.csv',
      ...good.slice(0, 4),
      ',Renamed,2020-02-03 00:00:00,110,0,0',
      ',New,2020-02-02 00:00:00,500,0,0',
    );
    const { batches } = await ingest();
    expect(batches.map(({ status }) => status)).toEqual(['published', 'published', 'held']);
    expect(batches[2]?.findings).toEqual(['dimension-member-renamed']);
  });

  it('B29 an undeclared rename of a province holds the file', async () => {
    const city = (name: string) => `${name},Vietnam,2020-02-02 00:00:00,100,0,0`;
    put('02-01-2020.csv', v1, city('Hải Phòng'), city('Hải Dương'));
    put('02-02-2020.csv', v1, city('Hai Phong City'), city('Hải Dương'));
    put('02-03-2020.csv', v1, city('Hải Phòng').replace('100', '210'));
    const { batches } = await ingest();
    expect(batches.map(({ findings }) => findings)).toEqual([[], ['dimension-member-renamed'], []]);
  });
});

describe('re-published days', () => {
  it('B36/B37 equal bytes change nothing; an edited line changes exactly its row; a dropped line leaves', async () => {
    const lines = [
      v1,
      ...['A', 'B', 'C'].map((c) => `,${c},2020-02-01 00:00:00,1000,0,0`),
      ',D,2020-02-01 00:00:00,1,0,0',
    ];
    put('02-01-2020.csv', ...lines);
    await ingest();
    const again = await ingest();
    expect(again.batches[0]?.counts['covid_report']).toMatchObject({
      unchanged: 4,
      new: 0,
      changed: 0,
      deleted: 0,
    });
    put(
      '02-01-2020.csv',
      ...lines
        .slice(0, 4)
        .map((line) => line.replace(',B,2020-02-01 00:00:00,1000', ',B,2020-02-01 00:00:00,1005')),
    );
    const edited = await ingest();
    expect(edited.batches[0]?.counts['covid_report']).toMatchObject({
      unchanged: 2,
      changed: 1,
      deleted: 1,
    });
  });
});

describe('reading', () => {
  it('goes on after a position, and reads only the days asked for', async () => {
    for (const day of ['01', '02', '03', '04'])
      put(`02-${day}-2020.csv`, v1, `,A,2020-02-${day} 00:00:00,100,0,0`);
    put('README.csv', 'not a day');
    const keys = async (options: object) => (await ingest(options)).batches.map(({ key }) => key);
    expect(await keys({ position: { day: '2020-02-02' } })).toEqual([
      '02-03-2020.csv',
      '02-04-2020.csv',
    ]);
    expect(await keys({ from: '2020-02-02', to: '2020-02-03' })).toEqual([
      '02-02-2020.csv',
      '02-03-2020.csv',
    ]);
  });

  it('A35 reads by date where there is no listing; missing days are fine only at the end', async () => {
    const file = fault.answer(`${v1}\n,A,2020-02-01 00:00:00,100,0,0`, {
      'last-modified': 'Sat, 01 Feb 2020 23:59:00 GMT',
    });
    const config = (server: fault.FaultServer) => ({
      base: `${server.url}/daily`,
      from: '2020-02-01',
      to: '2020-02-04',
    });
    const whole = await fault.startFaultServer({
      '/daily/02-01-2020.csv': file,
      '/daily/02-02-2020.csv': file,
    });
    const good = await home.ingest(covidDaily, config(whole));
    expect([good.batches.map(({ key }) => key), good.failure]).toEqual([
      ['02-01-2020.csv', '02-02-2020.csv'],
      undefined,
    ]);
    expect(await report('distinct _published_at')).toEqual([['2020-02-02T06:59:00+07:00']]);
    const gap = await fault.startFaultServer({
      '/daily/02-01-2020.csv': file,
      '/daily/02-03-2020.csv': file,
    });
    expect((await home.ingest(covidDaily, config(gap))).failure).toMatchObject({
      code: 'day-missing',
      group: 'data',
    });
    await whole.close();
    await gap.close();
  });

  it('A13 a file shorter than the listing says is refused', async () => {
    const server = await fault.startFaultServer({
      '/daily/': fault.json([
        { name: '02-01-2020.csv', size: 999 },
        { name: 'note.txt', size: 1 },
      ]),
      '/daily/02-01-2020.csv': fault.answer(`${v1}\n,A,2020-02-01 00:00:00,100,0,0`),
    });
    const { batches } = await home.ingest(covidDaily, { base: `${server.url}/daily` });
    await server.close();
    expect(batches).toMatchObject([{ status: 'failed', findings: ['file-cut'] }]);
  });
});

describe.skipIf(!hasReal)('the real daily reports', () => {
  let real: SourceHome;
  const names = hasReal ? readdirSync(daily).filter((name) => name.endsWith('.csv')) : [];

  beforeAll(async () => {
    real = await openSourceHome();
  });
  afterAll(() => real.remove());

  it('load in order, none held, and every total equals an independent sum of the columns', async () => {
    const { batches, failure } = await real.ingest(covidDaily, { base: daily });
    expect(failure).toBeUndefined();
    expect(batches.filter(({ status }) => status !== 'published')).toEqual([]);
    expect(batches.length).toBe(names.length);
    const totals =
      await real.rows(`select report_day::varchar, sum(confirmed)::varchar, sum(deaths)::varchar, sum(recovered)::varchar
      from staging.covid_report group by 1`);
    expect(Object.fromEntries(totals.map(([day, ...sums]) => [day, sums]))).toEqual(
      Object.fromEntries(names.map((name) => [dayOf(name), sumsOf(name)])),
    );
    expect(await real.rows('select count(*)::varchar from meta.quarantine')).toEqual([['0']]);
  });

  it('are all unchanged when read again', async () => {
    const { batches } = await real.ingest(covidDaily, { base: daily });
    const moved = batches.filter(({ counts }) => {
      const all = counts['covid_report'];
      return all === undefined || all.unchanged !== all.received || all.deleted > 0;
    });
    expect(moved).toEqual([]);
  });

  it('hold a copy in which every "Mainland China" was renamed', async () => {
    const copy = join(directory, 'copy');
    mkdirSync(copy);
    for (const name of names.slice(0, 25)) copyFileSync(join(daily, name), join(copy, name));
    const vandalised = readFileSync(join(copy, '02-15-2020.csv'), 'utf8').replaceAll(
      'Mainland China',
      'Main Land',
    );
    writeFileSync(join(copy, '02-15-2020.csv'), vandalised);
    const { batches } = await home.ingest(covidDaily, { base: copy });
    expect(batches.filter(({ status }) => status !== 'published')).toMatchObject([
      { key: '02-15-2020.csv', status: 'held', findings: ['dimension-member-renamed'] },
    ]);
  });
});

function dayOf(name: string): string {
  return `${name.slice(6, 10)}-${name.slice(0, 5)}`;
}

/** Sums of a real file's columns, by a reader that shares nothing with the product. */
function sumsOf(name: string): readonly string[] {
  const [header = [], ...rows] = readFileSync(join(daily, name), 'utf8')
    .replace('\ufeff', '')
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) =>
      [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell = '']) => cell),
    );
  return ['Confirmed', 'Deaths', 'Recovered'].map((column) => {
    const at = header.indexOf(column);
    return String(rows.reduce((sum, row) => sum + BigInt(row[at] || '0'), 0n));
  });
}
