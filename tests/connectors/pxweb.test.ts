import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unitOfText } from '../../connectors/decode/unit-text.ts';
import { pxweb } from '../../connectors/pxweb/connector.ts';
import { RequestPace } from '../../connectors/pxweb/request-pace.ts';
import { splitSelection } from '../../connectors/pxweb/selection.ts';
import * as fault from '../harness/fault-server.ts';
import { openSourceHome, type SourceHome } from '../harness/source-home.ts';

const gso = join(dirname(fileURLToPath(import.meta.url)), '../../../shared/data/gso-vn/pxweb');
const hasReal = existsSync(gso);
if (!hasReal) console.warn(`skipped: the real tables are not at ${gso}`);

let home: SourceHome;
let directory: string;
let server: fault.FaultServer | undefined;
beforeEach(async () => {
  home = await openSourceHome();
  directory = mkdtempSync(join(tmpdir(), 'phusa-pxweb-'));
});
afterEach(async () => {
  await home.remove();
  await server?.close();
  server = undefined;
  rmSync(directory, { recursive: true });
});

const figures = (columns: string, tail = 'order by all') =>
  home.rows(`select ${columns} from staging.socioeconomic_figure ${tail}`);

/** A PX-Web of version 1 whose codes are ordinals; every year put in front moves them. */
function tableOf(years: readonly string[], areas: readonly string[]) {
  const value = (area: string, year: string) =>
    areas.indexOf(area) * 100 + Number(/\d{4}/.exec(year)?.[0]) / 10;
  const ordinals = (texts: readonly string[]) => texts.map((_, n) => String(n));
  const description = {
    title: 'Dân số trung bình',
    variables: [
      { code: 'Địa phương', text: 'Địa phương', values: ordinals(areas), valueTexts: areas },
      { code: 'Năm', text: 'Năm', values: ordinals(years), valueTexts: years, time: true },
    ],
  };
  const data = (query: readonly (readonly string[])[]) => {
    const [a = [], y = []] = query;
    const category = (codes: readonly string[], texts: readonly string[]) => ({
      index: Object.fromEntries(codes.map((code, n) => [code, n])),
      label: Object.fromEntries(codes.map((code) => [code, texts[Number(code)]])),
    });
    return {
      dataset: {
        label: 'Dân số trung bình (nghìn người)',
        source: null,
        updated: '9999-12-31T16:59:59Z',
        dimension: {
          'Địa phương': { label: 'Địa phương', category: category(a, areas) },
          Năm: { label: 'Năm', category: category(y, years) },
          id: ['Địa phương', 'Năm'],
          size: [a.length, y.length],
          role: {},
        },
        value: a.flatMap((area) =>
          y.map((year) => value(areas[Number(area)] ?? '', years[Number(year)] ?? '')),
        ),
      },
    };
  };
  return { description, data, value };
}

const years = ['2021', '2022', 'Sơ bộ 2023'];
const areas = ['CẢ NƯỚC', 'Hà Nội', 'Hải Phòng', 'Huế'];
const path = 'Dân số/V02.01.px';
const place = `/api/v1/vi/${encodeURIComponent('Dân số')}/V02.01.px`;
const tables = [
  { id: 'V02.01', path, area: 'địa phương', time: 'Năm', totals: { 'Địa phương': ['Cả nước'] } },
];

/** Serves a table that may be another one from one call to the next. */
async function serveV1(
  ...states: readonly ReturnType<typeof tableOf>[]
): Promise<fault.FaultServer> {
  let calls = 0;
  return await fault.startFaultServer({
    [place]: (socket, request) => {
      const state = states[Math.min(calls, states.length - 1)];
      calls += 1;
      if (request.method === 'GET') return fault.json(state?.description)(socket, request);
      const { query } = JSON.parse(request.body) as {
        readonly query: readonly { readonly selection: { readonly values: readonly string[] } }[];
      };
      return fault.json(state?.data(query.map(({ selection }) => selection.values)))(
        socket,
        request,
      );
    },
  });
}
const configV1 = (more: object = {}) => ({
  base: `${server?.url ?? ''}/api/v1/vi`,
  publisher: 'gso',
  tables,
  networks: ['127.0.0.1/32'],
  ...more,
});

describe('API version 1', () => {
  it('B20 reads a table in parts that fit the limit of cells', async () => {
    server = await serveV1(tableOf(years, areas));
    const { batches } = await home.ingest(pxweb, configV1({ maxCells: 4 }));
    expect(batches).toMatchObject([
      {
        status: 'published',
        counts: { socioeconomic_figure: { received: 12, new: 12, quarantined: 0 } },
      },
    ]);
    expect(server.requests.filter(({ method }) => method === 'POST').length).toBe(4);
    expect(await figures('area, period, vintage, value, unit, multiplier, aggregate_over')).toEqual(
      areas
        .flatMap((area) =>
          years.map((year): readonly (string | null)[] => {
            const period = /\d{4}/.exec(year)?.[0] ?? '';
            const value = tableOf(years, areas).value(area, year);
            return [
              area,
              period,
              year.startsWith('Sơ') ? 'preliminary' : '',
              `${value.toFixed(1)}00000000000`,
              '',
              '0',
              area === 'CẢ NƯỚC' ? 'Địa phương' : '',
            ];
          }),
        )
        .toSorted((a, b) => (String(a) < String(b) ? -1 : 1)),
    );
  });

  it('B25 resolves ordinals anew on each run: a year put in front changes no figure', async () => {
    server = await serveV1(tableOf(years, areas));
    await home.ingest(pxweb, configV1());
    await server.close();
    server = await serveV1(tableOf(['2020', ...years], areas));
    const { batches } = await home.ingest(pxweb, configV1());
    expect(batches[0]?.counts['socioeconomic_figure']).toMatchObject({
      new: 4,
      unchanged: 12,
      changed: 0,
      deleted: 0,
    });
  });

  it('B17 B29 refuses an answer for other members than were asked', async () => {
    server = await serveV1(tableOf(years, areas), tableOf(['2020', ...years], areas));
    const { batches } = await home.ingest(pxweb, configV1());
    expect(batches).toMatchObject([{ status: 'failed', findings: ['member-shifted'] }]);
    expect(await figures('count(*)')).toEqual([['0']]);
  });

  it('asks only for selected members, by their text', async () => {
    server = await serveV1(tableOf(years, areas));
    const select = { năm: ['sơ bộ  2023'], 'Địa phương': ['Huế', 'Hà Nội'] };
    await home.ingest(pxweb, configV1({ tables: [{ ...tables[0], select }] }));
    expect(await figures('area, period')).toEqual([
      ['Huế', '2023'],
      ['Hà Nội', '2023'],
    ]);
    const wrong = await home.ingest(
      pxweb,
      configV1({ tables: [{ ...tables[0], select: { Năm: ['1999'] } }] }),
    );
    expect(wrong.failure).toMatchObject({ code: 'member-unknown', group: 'data' });
  });

  it('B24 areas that left the table are deleted; other tables stay', async () => {
    server = await serveV1(tableOf(years, areas));
    await home.ingest(pxweb, configV1());
    await home.ingest(pxweb, { ...configV1(), publisher: 'other' });
    await server.close();
    server = await serveV1(tableOf(years, areas.slice(0, 3)));
    const { batches } = await home.ingest(pxweb, configV1());
    expect(batches[0]?.counts['socioeconomic_figure']).toMatchObject({ unchanged: 9, deleted: 3 });
    expect(await figures('publisher, count(*)', 'group by 1 order by 1')).toEqual([
      ['gso', '9'],
      ['other', '12'],
    ]);
  });

  it.each([
    ['a maintenance page', fault.answer('<html>bảo trì</html>'), 'answer-not-json'],
    ['no variables', fault.json({ title: 'x' }), 'answer-not-json'],
    ['closed to programs', fault.status(403), undefined],
  ])('A12 %s ends with a reason', async (_what, reply, code) => {
    server = await fault.startFaultServer({ [place]: reply });
    const { batches, failure } = await home.ingest(pxweb, configV1());
    expect(batches).toEqual([]);
    expect(failure).toBeDefined();
    if (code !== undefined) expect(failure).toMatchObject({ code });
    expect(failure?.code).not.toBe('unexpected');
  });
});

describe('API version 2', () => {
  const category = (codes: readonly string[], texts: readonly string[]) => ({
    index: Object.fromEntries(codes.map((code, n) => [code, n])),
    label: Object.fromEntries(codes.map((code, n) => [code, texts[n]])),
  });
  const document = (updated: string, value: readonly number[]) => ({
    version: '2.0',
    class: 'dataset',
    label: 'Dân số',
    source: 'NSO',
    updated,
    id: ['AREA', 'C', 'TIME'],
    size: [2, 1, 2],
    role: { time: ['TIME'], metric: ['C'], geo: ['AREA'] },
    dimension: {
      AREA: { label: 'địa phương', category: category(['00', '31'], ['Cả nước', 'Hải Phòng']) },
      C: {
        label: 'chỉ tiêu',
        category: {
          ...category(['POP'], ['Dân số']),
          unit: { POP: { base: 'nghìn người', decimals: 1 } },
        },
      },
      TIME: { label: 'năm', category: category(['2022', '2023'], ['2022', '2023']) },
    },
    value,
  });
  const serve = async (updated: string) =>
    await fault.startFaultServer({
      '/api/v2/tables/T1/metadata': fault.json(document(updated, [])),
      '/api/v2/tables/T1/data': fault.json(
        document(updated, [99474.4, 100309.20866603316, 2070, 2100]),
      ),
    });
  const config = () => ({
    base: `${server?.url ?? ''}/api/v2`,
    publisher: 'nso',
    version: 'v2',
    tables: [{ id: 'T1', path: 'T1' }],
    networks: ['127.0.0.1/32'],
  });

  it('A43 B30 B31 multiplies units, keeps printed digits and the time of publication', async () => {
    server = await serve('2026-05-25T13:42:00Z');
    const { batches, cursor } = await home.ingest(pxweb, config());
    expect(batches[0]?.findings).toEqual([]);
    expect(
      await figures(
        "indicator, area, period, value, unit, value_as_given, multiplier, decimals, strftime(_published_at at time zone 'UTC', '%Y-%m-%d %H:%M')",
        `where period = '2023' order by area`,
      ),
    ).toEqual([
      [
        'POP',
        '00',
        '2023',
        '100309208.666033160000',
        'person',
        '100309.20866603316',
        '3',
        '1',
        '2026-05-25 13:42',
      ],
      ['POP', '31', '2023', '2100000.000000000000', 'person', '2100', '3', '1', '2026-05-25 13:42'],
    ]);
    const again = await home.ingest(pxweb, config(), { cursor });
    expect([again.batches, again.failure]).toEqual([[], undefined]);
    expect((await home.ingest(pxweb, config(), { cursor, full: true })).batches.length).toBe(1);
  });

  it('B07 the last day of 9999 remembers nothing', async () => {
    server = await serve('9999-12-31T16:59:59Z');
    const { cursor } = await home.ingest(pxweb, config());
    expect((await home.ingest(pxweb, config(), { cursor })).batches.length).toBe(1);
  });
});

describe('files', () => {
  it.runIf(hasReal)(
    'reads the population table of the statistics office as its own digits say',
    async () => {
      copyFileSync(join(gso, 'E02.01.json'), join(directory, 'E02.01.json'));
      const oracle = JSON.parse(
        readFileSync(join(gso, 'E02.01.json'), 'utf8').replace(/\0+$/, ''),
      ) as {
        readonly dataset: {
          readonly dimension: Readonly<Record<string, unknown>> & {
            readonly id: readonly string[];
          };
          readonly value: readonly (number | null)[];
        };
      };
      const [area = '', time = '', indicator = ''] = oracle.dataset.dimension.id;
      const { batches } = await home.ingest(pxweb, {
        base: directory,
        publisher: 'gso',
        language: 'en',
        tables: [
          {
            id: 'E02.01',
            path: 'E02.01.json',
            area,
            time,
            indicator,
            totals: { [area]: ['Whole country', 'Red River Delta'] },
          },
        ],
      });
      expect(batches).toMatchObject([{ status: 'published', findings: [] }]);
      const given = oracle.dataset.value.filter((value) => value !== null);
      expect(await figures('count(*), count(value)')).toEqual([
        [String(oracle.dataset.value.length), String(given.length)],
      ]);
      const units = await figures('unit, multiplier, count(*)', 'group by all order by all');
      expect(units).toEqual([
        ['km2', '0', '980'],
        ['person', '3', '980'],
        ['person/km2', '0', '980'],
      ]);
      expect(await figures('distinct area', "where aggregate_over <> '' order by 1")).toEqual([
        ['Red River Delta'],
        ['WHOLE COUNTRY'],
      ]);
      const population = await figures(
        'value',
        "where area = 'WHOLE COUNTRY' and unit = 'person' and period = '2023'",
      );
      expect(population).toEqual([['100309208.898137000000']]);
    },
  );

  it.runIf(hasReal)(
    'tells the preliminary year, the units and the totals of the other table',
    async () => {
      copyFileSync(join(gso, 'E02.02.json'), join(directory, 'E02.02.json'));
      const table = { id: 'E02.02', path: 'E02.02.json', time: 'Year', indicator: 'Items' };
      const { batches } = await home.ingest(pxweb, {
        base: directory,
        publisher: 'gso',
        tables: [{ ...table, totals: { 'Sex, residence': ['Total'] } }],
      });
      expect(batches).toMatchObject([{ status: 'published', findings: [] }]);
      expect(await figures('vintage, min(period), max(period)', 'group by 1 order by 1')).toEqual([
        ['', '1990', '2023'],
        ['preliminary', '2024', '2024'],
      ]);
      expect(
        await figures(
          'distinct indicator, unit, multiplier, aggregate_over',
          "where breakdown = 'Sex, residence=Total' order by all",
        ),
      ).toEqual([
        ['Growth rate -%', '%', '0', 'Sex, residence'],
        ['Structure -%', '%', '0', 'Sex, residence'],
        ['Total - Thous. pers.', 'person', '3', 'Sex, residence'],
      ]);
      // Members of a total are never in one sum with it: men and women make the total, within rounding.
      expect(
        await figures(
          `period, abs(sum(value) filter (where aggregate_over = '' and breakdown like '%ale') - sum(value) filter (where aggregate_over <> '')) < 1000 as fits`,
          "where unit = 'person' and period in ('2010', '2023') group by 1 order by 1",
        ),
      ).toEqual([
        ['2010', true],
        ['2023', true],
      ]);
    },
  );

  it('B32 B42 reads a PX file and quarantines a period it does not know', async () => {
    const px = `CODEPAGE="utf-8";TITLE="Sản lượng";STUB="Huyện";HEADING="Kỳ";VALUES("Huyện")="A","B";VALUES("Kỳ")="Quý I/2026","Bình quân";UNITS="1000 tấn";LAST-UPDATED="20260525 15:42";DATA=\n1.5 2\n".." 4;`;
    writeFileSync(join(directory, 'a.px'), px);
    const config = {
      base: directory,
      publisher: 'nso-hp',
      tables: [{ id: 'a', path: 'a.px', area: 'Huyện', time: 'Kỳ' }],
    };
    const { batches } = await home.ingest(pxweb, config);
    expect(batches[0]?.counts['socioeconomic_figure']).toMatchObject({
      received: 4,
      new: 2,
      quarantined: 2,
    });
    expect(
      await figures(
        "area, period, value, unit, status, indicator, aggregate_over, strftime(_published_at at time zone 'UTC', '%H:%M')",
      ),
    ).toEqual([
      ['A', '2026-Q1', '1500.000000000000', 'tonne', null, 'a', null, '08:42'],
      ['B', '2026-Q1', null, 'tonne', '..', 'a', null, '08:42'],
    ]);
    expect(await home.rows('select distinct reason from meta.quarantine')).toEqual([
      ['period-unknown'],
    ]);
  });

  it.each([
    [{ time: 'Năm học' }, 'dimension-unknown'],
    [{ area: 'Xã' }, 'dimension-unknown'],
    [{ path: 'b.px' }, 'file-not-found'],
  ])('says what the configuration gets wrong: %j', async (wrong, code) => {
    writeFileSync(
      join(directory, 'a.px'),
      `TITLE="x";STUB="Huyện";HEADING="Kỳ";VALUES("Huyện")="A";VALUES("Kỳ")="2026";DATA=1;`,
    );
    const table = { id: 'a', path: 'a.px', area: 'Huyện', time: 'Kỳ', ...wrong };
    const { batches, failure } = await home.ingest(pxweb, {
      base: directory,
      publisher: 'x',
      tables: [table],
    });
    expect(failure?.code ?? batches[0]?.findings[0]).toBe(code);
  });
});

describe('small things', () => {
  it('B20 a selection is split into parts that hold every cell once', () => {
    const members = (n: number) => Array.from({ length: n }, (_, k) => String(k));
    const selection = [
      { code: 'a', values: members(7), texts: members(7) },
      { code: 'b', values: members(3), texts: members(3) },
    ];
    for (const most of [1, 2, 5, 20, 21, 100]) {
      const parts = splitSelection(selection, most);
      const cells = parts.flatMap(([a, b]) =>
        (a?.values ?? []).flatMap((x) => (b?.values ?? []).map((y) => `${x}/${y}`)),
      );
      expect(new Set(cells).size).toBe(21);
      expect(cells.length).toBe(21);
      expect(
        Math.max(...parts.map(([a, b]) => (a?.values.length ?? 0) * (b?.values.length ?? 0))),
      ).toBeLessThanOrEqual(most);
    }
  });

  it('A27 calls keep to the pace, and waiting ends with a cancel', async () => {
    const pace = new RequestPace(3, 1);
    const started = performance.now();
    for (let n = 0; n < 4; n += 1) await pace.turn(new AbortController().signal);
    expect(performance.now() - started).toBeGreaterThan(950);
    const cancel = new AbortController();
    const waiting = (async () => {
      for (let n = 0; n < 4; n += 1) await pace.turn(cancel.signal);
    })();
    cancel.abort();
    await expect(waiting).rejects.toThrow();
  });

  it.each([
    ['nghìn người', 'person', 3],
    ['Tỷ đồng', 'VND', 9],
    ['Triệu USD', 'USD', 6],
    ['1000 tấn', 'tonne', 3],
    ['1.000 tấn', 'tonne', 3],
    ['Thous. persons', 'person', 3],
    ['Nghìn tỷ đồng', 'VND', 12],
    ['%', '%', 0],
    ['chiếc', 'chiếc', 0],
    ['nghìn con', 'con', 3],
    ['Thous. pers.', 'person', 3],
    ['', '', 0],
  ])('the unit %s is %s × 10^%i', (text, unit, exponent) => {
    expect(unitOfText(text)).toEqual({ unit, exponent });
  });
});
