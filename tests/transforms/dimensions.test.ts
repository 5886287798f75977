import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatPeriod } from '../../core/period.ts';
import { csvRows } from '../../transforms/catalog/csv-rows.ts';
import { loadCatalog } from '../../transforms/catalog/load-catalog.ts';
import { loadDimensions } from '../../transforms/catalog/load-dimensions.ts';
import { periods, workingDays } from '../core/dimension-rows.ts';
import { Engine, loadShippedDimensions } from './engine.ts';

const transforms = fileURLToPath(new URL('../../transforms', import.meta.url));
const reference = fileURLToPath(new URL('../../../shared/data/admin-units/', import.meta.url));
let engine: Engine;

async function column(sql: string): Promise<readonly string[]> {
  return (await engine.select(sql)).rows.map((row) => row.map(String).join('|'));
}

beforeAll(async () => {
  engine = await Engine.open();
  const packs = await loadDimensions(`${transforms}/catalog/dimensions`);
  await loadShippedDimensions(engine, packs);
  const catalog = await loadCatalog({
    directory: transforms,
    tablesOf: (sql) => engine.tablesOf(sql),
  });
  const wanted = ['staging.reporting_period', 'staging.working_calendar', 'staging.area_current'];
  for (const asset of catalog.closure(wanted)) {
    await engine.run(`create table ${asset.key} as ${asset.sql}`);
  }
});
afterAll(() => engine.close());

describe('periods in SQL', () => {
  it('are the same as in core, day for day, name for name', async () => {
    const { rows } = await engine.select(
      'select period_id, first_day, last_day, previous_period_id, last_year_period_id, year from staging.reporting_period',
    );
    expect(rows.length).toBeGreaterThan(1400);
    for (const [id, first, last, previous, lastYear, year] of rows) {
      const period = periods.parse(String(id));
      expect({ id, ...periods.window(period) }).toEqual({ id, from: first, to: last });
      if (Number(year) === 2020) continue;
      const before = periods.previous(period);
      expect({ id, previous }).toEqual({ id, previous: before && formatPeriod(before) });
      const same = periods.samePeriodLastYear(period);
      expect({ id, lastYear }).toEqual({ id, lastYear: same ? formatPeriod(same) : null });
    }
  });

  it('working days in SQL are those of core', async () => {
    const { rows } = await engine.select(
      `select day, is_working from staging.working_calendar where day between date '2023-01-01' and date '2027-12-31'`,
    );
    expect(rows).toHaveLength(1826);
    for (const [day, worked] of rows) {
      expect({ day, worked }).toEqual({ day, worked: workingDays.isWorking(String(day)) });
    }
  });
});

describe('administrative units', () => {
  it.each([
    ["valid_to = date '2025-06-30' and level = 'province'", '63'],
    ["valid_to = date '2025-06-30' and level = 'district'", '696'],
    ["valid_to = date '2025-06-30' and level = 'commune'", '10035'],
    ["valid_to is null and level = 'province'", '34'],
    ["valid_to is null and level = 'commune'", '3321'],
    [
      "valid_from = date '2026-04-30' and level = 'commune' and province_code = '75' and kind = 'phường'",
      '10',
    ],
    ["valid_to is null and kind = 'đặc khu'", '13'],
  ])('%s: %s', async (predicate, count) => {
    expect(await column(`select count(*) from dim.area where ${predicate}`)).toEqual([count]);
  });

  it('cover every old commune, 471 of them split (a count of 472 takes the islands without communes for one)', async () => {
    expect(
      await column(
        `select count(*) from dim.area a where level = 'commune' and valid_to = date '2025-06-30'
         and not exists (select 1 from dim.area_crosswalk x where x.level = 'commune' and x.old_code = a.code)`,
      ),
    ).toEqual(['0']);
    expect(
      await column(
        `select count(distinct old_code) from dim.area_crosswalk where is_split and level = 'commune'`,
      ),
    ).toEqual(['471']);
  });

  it('lead to a unit of today wherever nothing was split', async () => {
    expect(
      await column(
        `select count(*) from staging.area_current
         where level = 'commune' and not is_split and current_name is null`,
      ),
    ).toEqual(['0']);
    expect(
      await column(
        `select current_code, current_name, current_province_code from staging.area_current
         where code in ('318', '11323') and valid_to = date '2025-06-30' order by code`,
      ),
    ).toEqual(['11311|Phường Hồng Bàng|31', '11948|Đặc khu Bạch Long Vĩ|31']);
  });

  it('keep their territory when only the name changes', async () => {
    expect(
      await column(
        `select valid_from, territory_from, full_name from staging.area_current where code = '26368' order by 1`,
      ),
    ).toEqual([
      '1900-01-01|1900-01-01|Thị trấn Long Thành',
      '2025-07-01|2025-07-01|Xã Long Thành',
      '2026-04-30|2025-07-01|Phường Long Thành',
    ]);
  });

  it('agree with the reference files', async (context) => {
    if (!existsSync(reference)) context.skip('the reference files are not on this machine');
    const units = csvRows(readFileSync(`${reference}units_2026.csv`, 'utf8'));
    const ours = new Set(
      await column('select code, kind from dim.area where valid_to is null order by code'),
    );
    const kinds: Readonly<Record<string, string>> = {
      'Đặc khu tại hải đảo': 'đặc khu',
      'Thành phố trực thuộc trung ương': 'thành phố',
    };
    const theirs = units.map((u) => {
      const kind = u['kind'] ?? '';
      return `${u['code'] ?? ''}|${kinds[kind] ?? kind.toLowerCase()}`;
    });
    expect(theirs.filter((unit) => !ours.has(unit))).toEqual([]);
    expect(ours.size).toBe(theirs.length);
    const crosswalk = csvRows(
      readFileSync(`${reference}crosswalk_old_to_new_2025-07-01.csv`, 'utf8'),
    );
    const pairs = new Set(await column('select old_code, new_code from dim.area_crosswalk'));
    const missing = crosswalk.filter((row) => {
      const old = row['old_ward_code'] === '' ? row['old_district_code'] : row['old_ward_code'];
      return !pairs.has(`${old ?? ''}|${row['new_ward_code'] ?? ''}`);
    });
    expect(missing).toEqual([]);
  });
});

describe('packs', () => {
  it('are read as their sidecars say: every value has its type, every key is unique', async () => {
    for (const pack of await loadDimensions(`${transforms}/catalog/dimensions`)) {
      const { stream } = pack.contract;
      const lines = csvRows(readFileSync(pack.path, 'utf8')).length;
      const keys = pack.contract.key.join(', ');
      expect(await column(`select count(*), count(distinct (${keys})) from dim.${stream}`)).toEqual(
        [`${lines}|${lines}`],
      );
    }
  });

  it('name legal bases that exist', async () => {
    for (const table of [
      'dossier_status_group',
      'score_weight',
      'invoice_state_rule',
      'invoice_form',
    ]) {
      expect(
        await column(
          `select legal_basis from dim.${table} where legal_basis not in (select code from dim.legal_basis)`,
        ),
      ).toEqual([]);
    }
  });

  it('the weights add up to 100 points', async () => {
    expect(await column('select sum(points) from dim.score_weight where valid_to is null')).toEqual(
      ['100.00'],
    );
  });
});
