import path from 'node:path';
import { addDays } from '../core/calendar-date.ts';
import { asJson, objectMember } from '../core/json-member.ts';
import { canonicalJson, type JsonObject } from '../core/json.ts';
import type { AddSource, Call } from '../services/port.ts';
import { loadDimensions, type DimensionPack } from '../transforms/catalog/load-dimensions.ts';
import type { Home } from './open-home.ts';
import { packageRoot } from './package-root.ts';

/** The simulated city's systems as sources; registered once, moved when the city had to take another port. */
export async function addCitySources(
  home: Home,
  city: CitySize & { readonly url: string },
  call: Call,
): Promise<readonly string[]> {
  const wanted = await citySources(city);
  for (const source of wanted) {
    const row = await home.store.get('source', source.name);
    const kept = row && row.status !== 'removed';
    const same = kept && sameConfig(objectMember(row.data, 'config'), source.config);
    // A draft is what a registration that was killed half-way left: it is registered again.
    if (same && row.status !== 'draft') continue;
    if (kept) await home.services.sources.remove(call, source.name);
    await home.services.sources.add(call, source);
  }
  return wanted.map(({ name }) => name);
}

/** How far back the city goes. */
interface CitySize {
  /** Its last day. */
  readonly now: string;
  readonly years: number;
}

/** Sở Y tế of Hải Phòng: it owns the epidemic figures, and the demo's department user works there. */
export const healthDepartment = 'H31.10';

async function citySources({
  url,
  now,
  years,
}: CitySize & { readonly url: string }): Promise<readonly AddSource[]> {
  return [
    {
      name: 'city-reference',
      connector: 'reference-tables',
      owner: 'H31',
      config: { base: `${url}/reference/`, tables: await cityTables() },
    },
    {
      name: 'covid',
      connector: 'covid-daily',
      owner: healthDepartment,
      config: { base: `${url}/covid/daily/` },
    },
    {
      name: 'einvoice',
      connector: 'einvoice',
      owner: 'H31',
      config: { base: `${url}/einvoice/`, clientId: 'ioc-haiphong', stateMonths: 12 * years + 1 },
      secrets: { client_secret: 'mo-phong' },
    },
    {
      name: 'dvc',
      connector: 'dvc',
      owner: 'H31',
      config: { base: `${url}/dvc/`, clientId: 'ioc-haiphong', from: firstDay(now, years) },
      secrets: { password: 'mo-phong' },
    },
  ];
}

/** The city's file for each of the tables that a home fills itself, and headers that differ from our names. */
const cityFiles: Readonly<
  Record<string, { readonly file: string; readonly headers: Readonly<Record<string, string>> }>
> = {
  area_tile: { file: 'tiles.csv', headers: { tile_column: 'column', tile_row: 'row' } },
  population: { file: 'population.csv', headers: {} },
  taxpayer: { file: 'taxpayers.csv', headers: {} },
};

async function cityTables(): Promise<readonly JsonObject[]> {
  const packs = await loadDimensions(path.join(packageRoot(), 'transforms/catalog/dimensions'));
  return packs.flatMap(({ contract }) => {
    const city = cityFiles[contract.stream];
    return city ? [cityTable(contract, city)] : [];
  });
}

function cityTable(
  { stream, label, columns, key }: DimensionPack['contract'],
  { file, headers }: { readonly file: string; readonly headers: Readonly<Record<string, string>> },
): JsonObject {
  const mapped = columns.map((column) => {
    const header = headers[column.name];
    return header === undefined ? column : { ...column, header };
  });
  return asJson({ stream, file, label, columns: mapped, key });
}

function sameConfig(kept: JsonObject, wanted: JsonObject): boolean {
  return Object.entries(wanted).every(
    ([name, value]) => canonicalJson(kept[name] ?? null) === canonicalJson(value),
  );
}

function firstDay(now: string, years: number): string {
  return addDays(`${Number(now.slice(0, 4)) - years}${now.slice(4)}`, 1);
}
