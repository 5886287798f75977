import { populationsOn } from '../city/population.ts';
import { FORMER_COMMUNES, PROVINCE_NAME, type Commune } from '../city/units.ts';
import { isoDay } from '../days.ts';
import { REFORM, type Horizon } from '../horizon.ts';
import { at, hash, STREAM } from '../random.ts';
import { editionOf, reported, type Edition } from './edition.ts';
import { communesOn, type Epidemic } from './epidemic.ts';

/** JHU's latest header generation. */
export const COVID_HEADER =
  'FIPS,Admin2,Province_State,Country_Region,Last_Update,Lat,Long_,Confirmed,Deaths,Recovered,' +
  'Active,Combined_Key,Incident_Rate,Case_Fatality_Ratio';

const BOM_EVERY = 97;
const NO_FINAL_NEWLINE_EVERY = 211;

/** One line of a day file, before it is written. */
export type CovidRow = {
  readonly commune: Commune;
  readonly province: string;
  readonly country: string;
  readonly confirmed: number;
  readonly deaths: number;
  readonly recovered: number;
  readonly active: number;
  readonly lastUpdate: string;
  readonly people: number;
};

/** `MM-DD-YYYY.csv`. */
export function fileName(day: number): string {
  const iso = isoDay(day);
  return `${iso.slice(5, 7)}-${iso.slice(8, 10)}-${iso.slice(0, 4)}.csv`;
}

/** The whole country is called by its known alias on one day of each year. */
export function countryName(day: number): string {
  return isoDay(day).endsWith('-03-10') ? 'Viet Nam' : 'Vietnam';
}

/** JHU's files were stamped early on the next UTC day. */
export function lastUpdate(edition: Edition): string {
  return `${isoDay(edition.publishedOn + 1)} 04:20:34`;
}

function provinceOf(day: number, position: number): string {
  if (day >= REFORM) return PROVINCE_NAME['31'];
  return PROVINCE_NAME[at(FORMER_COMMUNES, position).district.province];
}

/** The rows a day file gives as of the horizon's last day. */
export function rowsOn(horizon: Horizon, epidemic: Epidemic, day: number): readonly CovidRow[] {
  const edition = editionOf(horizon.seed, day, horizon.lastDay);
  const counts = reported(horizon.seed, day, edition, epidemic.on(day));
  const people = populationsOn(day);
  return communesOn(day).map((commune, i) => {
    const confirmed = at(counts.confirmed, i);
    const deaths = at(counts.deaths, i);
    const recovered = at(counts.recovered, i);
    return {
      commune,
      province: provinceOf(day, i),
      country: countryName(day),
      confirmed,
      deaths,
      recovered,
      active: confirmed - deaths - recovered,
      lastUpdate: lastUpdate(edition),
      people: at(people, i),
    };
  });
}

function line(row: CovidRow): string {
  const { commune, confirmed, deaths } = row;
  const incidence = row.people > 0 ? ((confirmed / row.people) * 100_000).toFixed(6) : '';
  const fatality = confirmed > 0 ? ((deaths / confirmed) * 100).toFixed(6) : '';
  const key = `"${commune.name}, ${row.province}, ${row.country}"`;
  return [
    `${commune.code},${commune.name},${row.province},${row.country},${row.lastUpdate}`,
    `${String(commune.latitude)},${String(commune.longitude)}`,
    `${String(confirmed)},${String(deaths)},${String(row.recovered)},${String(row.active)}`,
    `${key},${incidence},${fatality}`,
  ].join(',');
}

/** The text of a day file as of the horizon's last day. */
export function dailyFile(horizon: Horizon, epidemic: Epidemic, day: number): string {
  const lines = rowsOn(horizon, epidemic, day).map(line);
  const draw = hash(horizon.seed, STREAM.covidRepublish, day, 1);
  const start = draw % BOM_EVERY === 0 ? '\uFEFF' : '';
  const end = draw % NO_FINAL_NEWLINE_EVERY === 0 ? '' : '\n';
  return `${start}${COVID_HEADER}\n${lines.join('\n')}${end}`;
}
