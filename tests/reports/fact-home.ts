import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ColumnContract } from '../../core/stream-contract.ts';
import type { Language } from '../../core/localized.ts';
import type { PeriodCalendar } from '../../core/period-calendar.ts';
import type { ReportContext } from '../../reports/report.ts';
import type { Catalog } from '../../transforms/catalog/catalog.ts';
import { csvRows, type CsvRow } from '../../transforms/catalog/csv-rows.ts';
import { periodCalendarOf } from '../../transforms/catalog/dimension-calendars.ts';
import { loadCatalog } from '../../transforms/catalog/load-catalog.ts';
import { dimensionRows, loadDimensions } from '../../transforms/catalog/load-dimensions.ts';
import type { Warehouse } from '../../warehouse/port.ts';
import { openTestWarehouse } from '../warehouse/open-test-warehouse.ts';

const transforms = fileURLToPath(new URL('../../transforms', import.meta.url));

/** A real warehouse whose facts are given; what reports read besides is built by the shipped SQL. */
export interface FactHome {
  readonly warehouse: Warehouse;
  readonly periods: PeriodCalendar;
  readonly context: (
    period: string,
    changes?: Partial<Pick<ReportContext, 'language' | 'areasAsOf'>>,
  ) => ReportContext;
  remove(): Promise<void>;
}

/** Rows of a fact or dimension: columns left out are NULL; a whole SELECT where rows are generated. */
export type GivenTable = readonly CsvRow[] | { readonly sql: string };

/** Opens a home with these tables; dimensions not given are the shipped ones, facts not given are empty. */
export async function openFactHome(given: Readonly<Record<string, GivenTable>>): Promise<FactHome> {
  const opened = await openTestWarehouse();
  const { warehouse } = opened;
  const catalog = await loadCatalog({
    directory: transforms,
    tablesOf: (sql) => warehouse.tablesOf(sql),
  });
  const periods = await createDimensions(warehouse, given);
  await build(warehouse, 'staging.reporting_period', sqlOf(catalog, 'staging.reporting_period'));
  for (const key of ['staging.covid_daily', 'mart.epidemic_week', 'mart.dossier_period']) {
    await build(warehouse, key, factSql(catalog, key, given[key] ?? []));
  }
  for (const key of ['mart.dossier_score', 'mart.dossier_rank']) {
    await build(warehouse, key, sqlOf(catalog, key));
  }
  return {
    warehouse,
    periods,
    remove: () => opened.remove(),
    context: (name, changes = {}) => {
      const period = periods.parse(name);
      const language: Language = 'vi';
      const areasAsOf = periods.window(period).to;
      const select = (sql: string) => warehouse.select(sql);
      return { period, periods, language, areasAsOf, province: '31', select, ...changes };
    },
  };
}

/** The tables of a golden folder: `<layer>.<name>.csv`. */
export function tablesIn(folder: string): Readonly<Record<string, readonly CsvRow[]>> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.csv'));
  return Object.fromEntries(
    files.map((file) => [
      file.slice(0, -'.csv'.length),
      csvRows(readFileSync(path.join(folder, file), 'utf8')),
    ]),
  );
}

async function createDimensions(
  warehouse: Warehouse,
  given: Readonly<Record<string, GivenTable>>,
): Promise<PeriodCalendar> {
  const packs = await loadDimensions(`${transforms}/catalog/dimensions`);
  let kinds: readonly CsvRow[] = [];
  for (const pack of packs) {
    const key = `dim.${pack.contract.stream}`;
    const shipped = existsSync(pack.path) ? await dimensionRows(pack) : [];
    if (key === 'dim.period_kind') kinds = shipped;
    const rows = given[key] ?? shipped.filter(isNearby);
    const sql = 'sql' in rows ? rows.sql : rowsSql(pack.contract.columns, rows);
    await build(warehouse, key, sql);
  }
  return periodCalendarOf(kinds);
}

/** The whole country's areas would only slow the tests down. */
function isNearby(row: CsvRow): boolean {
  return row['province_code'] === undefined || ['30', '31'].includes(row['province_code']);
}

function sqlOf(catalog: Catalog, key: string): string {
  const asset = catalog.asset(key);
  if (!asset) throw new Error(`no asset ${key}`);
  return asset.sql;
}

function factSql(catalog: Catalog, key: string, given: GivenTable): string {
  if ('sql' in given) return given.sql;
  return rowsSql(catalog.asset(key)?.columns ?? [], given);
}

function rowsSql(columns: readonly ColumnContract[], rows: readonly CsvRow[]): string {
  const lines = rows.map((row) => `(${columns.map(({ name }) => valueOf(row[name])).join(', ')})`);
  const nothing = `(${columns.map(() => 'null').join(', ')})`;
  const list = columns.map(({ name, type }) => `cast("${name}" as ${type}) as "${name}"`);
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  return `select ${list.join(', ')} from (values ${lines.join(',\n') || nothing}) as t(${names}) where ${rows.length > 0}`;
}

function valueOf(text: string | undefined): string {
  return text === undefined || text === '' ? 'null' : `'${text.replaceAll("'", "''")}'`;
}

async function build(warehouse: Warehouse, key: string, sql: string): Promise<void> {
  await warehouse.materialize({ key, sql, sqlSha256: key, inputs: {}, checks: [] });
}
