import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { arcgis } from '../../connectors/arcgis/connector.ts';
import { manifest } from '../../connectors/manifest/connector.ts';
import type { AnyConnector } from '../../connectors/registry.ts';
import { findConnector } from '../../connectors/registry.ts';
import { provincialForms } from '../../connectors/provincial-forms/connector.ts';
import type { City } from '../../simulator/city.ts';
import { registeredPupils, schoolRegisters } from '../../simulator/school/register.ts';
import { formFigures, monthlyForms } from '../../simulator/statistics/monthly-forms.ts';
import { openSourceHome, type SourceHome } from '../harness/source-home.ts';
import { ledger, smallCity } from './start.ts';

const always = ['2000-01-01', '2031-01-01'] as const;
const now = '2025-10-05';
let home: SourceHome;
let base: string;
beforeEach(async () => {
  home = await openSourceHome();
  base = mkdtempSync(join(tmpdir(), 'phusa-twins-'));
});
afterEach(async () => {
  rmSync(base, { recursive: true });
  await home.remove();
});

async function fault(city: City, path: string, kind: string, times = 1): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ path, kind, times });
  await fetch(`${city.url}/_faults`, { method: 'POST', headers, body });
}

const label = { vi: 'x', en: 'x' };
const mapConfig = (city: City) => ({
  base: `${city.url}/map/rest/services/DichBenh/FeatureServer`,
  layers: [
    {
      id: 'outbreak',
      path: '0',
      label,
      key: ['commune_code'],
      columns: [
        { name: 'commune_code', from: 'ma_xa', type: 'varchar', label },
        { name: 'outbreaks', from: 'SO_O_DICH', type: 'integer', label },
        { name: 'level', from: 'CAP_DO', type: 'varchar', label },
        { name: 'updated_at', from: 'NGAY_CN', type: 'timestamptz', label },
      ],
    },
  ],
});
const sdmxConfig = (city: City) => ({
  base: `${city.url}/sdmx/rest`,
  publisher: 'tk-hp',
  accept: 'application/vnd.sdmx.data+csv;version=2.0.0',
  flows: [{ name: 'DANSO', path: 'data/DANSO/all' }],
});
const pxConfig = (city: City) => ({
  base: `${city.url}/pxweb2/api/v2`,
  version: 'v2',
  publisher: 'tk-hp',
  maxCells: 400,
  maxCalls: 1000,
  tables: [{ id: 'V02.01', path: 'V02.01' }],
});
const portalConfig = (city: City) => ({ base: `${city.url}/ncsc/api/v3` });

/** Each service of the city, and a question that gives what its ledger means. */
const twins: readonly (readonly [
  string,
  string,
  string,
  (city: City) => object,
  string,
  (row: Readonly<Record<string, unknown>>) => readonly unknown[],
])[] = [
  [
    'arcgis',
    '/map/rest/services/DichBenh/FeatureServer/0/query',
    'map_points',
    mapConfig,
    `select commune_code, outbreaks, level, strftime(updated_at at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.000Z'), round(west, 6)::double, round(north, 6)::double from staging.map_outbreak`,
    ({ commune, outbreaks, level, updated_at: updated, longitude, latitude }) => [
      commune,
      outbreaks,
      level,
      updated,
      Number(Number(longitude).toFixed(6)),
      Number(Number(latitude).toFixed(6)),
    ],
  ],
  [
    'province-covid',
    '/ncsc/api/v3/covid/province/',
    'province_days',
    portalConfig,
    'select province_number, measure, report_day::varchar, value, is_correction from staging.covid_province_day',
    ({ province, measure, day, value, correction }) => [province, measure, day, value, correction],
  ],
  [
    'sdmx',
    '/sdmx/rest/data/DANSO',
    'yearbook',
    sdmxConfig,
    `select area, period, indicator, try_cast(value_as_given as double), vintage from staging.socioeconomic_figure`,
    ({ area, year, item, value, preliminary }) => [
      area,
      year,
      String(item).startsWith('Dân số') ? 'DANSO' : 'SOHO',
      value === null ? null : Number(value),
      preliminary === true ? 'preliminary' : '',
    ],
  ],
  [
    'pxweb',
    '/pxweb2/api/v2/tables/V02.01/data',
    'yearbook',
    pxConfig,
    `select area_name, period, indicator_name, try_cast(value_as_given as double), vintage from staging.socioeconomic_figure`,
    ({ area, year, item, value, preliminary }) => [
      area,
      year,
      item,
      value === null ? null : Number(value),
      preliminary === true ? 'preliminary' : '',
    ],
  ],
];

/** Rows as comparable texts, in one order. */
const told = (rows: readonly (readonly unknown[])[]) =>
  rows.map((row) => JSON.stringify(row.map(plain)).replaceAll(/\s+/g, ' ')).toSorted();

function plain(value: unknown): unknown {
  return value === null || value === '' || typeof value === 'boolean'
    ? value || ''
    : `${value as string | number}`;
}

function connectorOf(name: string): AnyConnector {
  const found = findConnector(name);
  if (found === undefined) throw new RangeError(name);
  return found;
}

describe.each(twins)('%s on its twin', (name, path, stream, configOf, sql, meantRow) => {
  it('gives every row that the ledger means, and no other', async () => {
    const city = await smallCity();
    const { failure, batches } = await home.ingest(connectorOf(name), configOf(city));
    expect([failure, batches.map(({ status, findings }) => [status, findings])]).toEqual([
      undefined,
      batches.map(() => ['published', []]),
    ]);
    const meant = await ledger(city, stream, ...always);
    expect(meant.length).toBeGreaterThan(100);
    expect(told(await home.rows(sql))).toEqual(told(meant.map(meantRow)));
  });

  it.each(['html200', 'truncate', 'http500', 'reset'] as const)(
    'a passing %s loses and doubles nothing',
    async (kind) => {
      const city = await smallCity();
      await fault(city, path, kind);
      await home.ingest(connectorOf(name), configOf(city));
      await home.ingest(connectorOf(name), configOf(city), { full: true });
      const meant = await ledger(city, stream, ...always);
      expect(told(await home.rows(sql))).toEqual(told(meant.map(meantRow)));
    },
  );
});

describe('quirks of the twins', () => {
  it('B14 a map that repeats its first page is not published as if it were whole', async () => {
    const city = await smallCity();
    await fault(city, '/map/rest/services/DichBenh/FeatureServer/0/query', 'repeat-page', 1000);
    const { batches } = await home.ingest(arcgis, {
      ...mapConfig(city),
      layers: mapConfig(city).layers.map((layer) => ({ ...layer, paging: 'offset' })),
    });
    expect(batches.filter(({ status }) => status === 'published')).toEqual([]);
  });

  it('SDMX: a second reading asks for what was updated only, and a message that is put off fails the batch', async () => {
    const city = await smallCity();
    const sdmx = connectorOf('sdmx');
    const first = await home.ingest(sdmx, sdmxConfig(city));
    const second = await home.ingest(sdmx, sdmxConfig(city), { cursor: first.cursor });
    expect(second.failure).toBeUndefined();
    expect(city.requests().at(-1)?.path).toContain('updatedAfter=');
    const big = { ...sdmxConfig(city), flows: [{ name: 'LON', path: 'data/LON/all' }] };
    const { batches, failure } = await home.ingest(sdmx, big);
    expect([failure?.code, ...batches.flatMap(({ findings }) => findings)].join(' ')).toMatch(
      /source-deferred/,
    );
  });

  it('twenty-four forms of a year: the actual of each month takes the place of its estimate', async () => {
    const forms = monthlyForms({ now });
    expect(forms.length).toBe(24);
    expect(monthlyForms({ now }).map(({ bytes }) => bytes.toString('base64'))).toEqual(
      forms.map(({ bytes }) => bytes.toString('base64')),
    );
    for (const { name, bytes } of forms) writeFileSync(join(base, name), bytes);
    const columns = [
      { header: 'Thực hiện tháng trước', measure: 'value', months: -1, vintage: 'final' },
      { header: 'Ước thực hiện tháng', measure: 'value', months: 0, vintage: 'estimate' },
    ];
    const { batches, failure } = await home.ingest(provincialForms, {
      base,
      publisher: 'hp',
      forms: ['ban-le', 'cang-bien'].map((id) => ({
        id,
        file: `${id}_YYYY-MM.xlsx`,
        columns,
        area: '31',
      })),
    });
    expect([failure, batches.flatMap(({ findings }) => findings)]).toEqual([undefined, []]);
    const meant = formFigures({ now }).map(({ form, item, month, stage, value }) => [
      form,
      item,
      month,
      stage,
      value * (form === 'ban-le' ? 1e9 : 1e3),
    ]);
    expect(
      told(
        await home.rows(
          'select dataset, indicator, period, vintage, value::double from staging.socioeconomic_figure',
        ),
      ),
    ).toEqual(told(meant.map((row) => [...row.slice(0, 4), Math.round(Number(row[4]))])));
    expect(
      await home.rows(
        "select count(*)::varchar from history.socioeconomic_figure where vintage = 'estimate'",
      ),
    ).toEqual([['66']]);
  });

  it('registers of schools: every pupil once, whatever the order of the columns', async () => {
    for (const { name, bytes } of schoolRegisters({ now })) writeFileSync(join(base, name), bytes);
    const { batches, failure } = await home.ingest(manifest, {
      ready: 'school-register',
      values: { base },
    });
    expect([failure, batches.flatMap(({ findings }) => findings)]).toEqual([undefined, []]);
    expect(
      told(
        await home.rows(
          'select school_code, school_year, class_code, pupil_code, state from staging.school_register_pupil',
        ),
      ),
    ).toEqual(
      told(
        registeredPupils({ now }).map(({ school, year, classCode, pupil, state }) => [
          school,
          year,
          classCode,
          pupil,
          state,
        ]),
      ),
    );
  });
});
