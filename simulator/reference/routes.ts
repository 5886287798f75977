import { AGENCIES } from '../city/agencies.ts';
import { POPULATION_VINTAGES } from '../city/population.ts';
import { tileMap } from '../city/tiles.ts';
import { COMMUNES, FORMER_COMMUNES } from '../city/units.ts';
import { isoDay } from '../days.ts';
import type { Seller } from '../einvoice/sellers.ts';
import { EPOCH, REFORM } from '../horizon.ts';
import { csv, type Handler } from '../http/reply.ts';
import { at } from '../random.ts';

type Cell = string | number | null;

const LABEL = 'dữ liệu mô phỏng';

function quoted(value: Cell): string {
  const text = value === null ? '' : String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function table(header: string, rows: readonly (readonly Cell[])[]): string {
  return [header, ...rows.map((row) => row.map(quoted).join(','))].join('\n') + '\n';
}

function population(lastDay: number): string {
  const known = POPULATION_VINTAGES.filter(({ validFrom }) => validFrom <= lastDay);
  const rows = known.flatMap(({ validFrom, populations }) => {
    const communes = validFrom < REFORM ? FORMER_COMMUNES : COMMUNES;
    return communes.map((commune, i) => [
      commune.code,
      commune.name,
      isoDay(validFrom),
      at(populations, i),
      LABEL,
    ]);
  });
  return table('commune_code,commune_name,valid_from,population,label', rows);
}

function tiles(): string {
  const rows = tileMap().map(({ commune, column, row }) => [
    commune.code,
    commune.name,
    column,
    row,
    LABEL,
  ]);
  return table('commune_code,commune_name,column,row,label', rows);
}

function agencies(): string {
  const header =
    'agency_code,agency_name,level,parent_code,commune_code,district_code,' +
    'valid_from,valid_to,successor_codes';
  const rows = AGENCIES.map((agency) => [
    agency.code,
    agency.name,
    agency.level,
    agency.parent,
    agency.communeCode,
    agency.districtCode,
    agency.validFrom,
    agency.validTo,
    agency.successors.join(';'),
  ]);
  return table(header, rows);
}

function communes(): string {
  const former = FORMER_COMMUNES.map(({ code, name, district }) => [
    ...[code, name, district.province, district.code],
    ...[isoDay(EPOCH), isoDay(REFORM - 1)],
  ]);
  const current = COMMUNES.map(({ code, name }) => [code, name, '31', null, isoDay(REFORM), null]);
  return table('commune_code,commune_name,province_code,district_code,valid_from,valid_to', [
    ...former,
    ...current,
  ]);
}

function taxpayers(sellers: readonly Seller[]): string {
  const rows = sellers.map((seller) => [
    seller.taxCode,
    seller.name,
    at(COMMUNES, seller.commune).code,
    seller.section,
    String(seller.isHousehold),
  ]);
  return table('mst,name,commune_code,vsic_section,is_household', rows);
}

/** Serves the reference tables as CSV. */
export function referenceRoutes(lastDay: number, sellers: () => readonly Seller[]): Handler {
  const tables: Readonly<Record<string, () => string>> = {
    '/reference/population.csv': () => population(lastDay),
    '/reference/tiles.csv': tiles,
    '/reference/agencies.csv': agencies,
    '/reference/communes.csv': communes,
    '/reference/taxpayers.csv': () => taxpayers(sellers()),
  };
  return ({ path }) => {
    const write = tables[path];
    return write === undefined ? undefined : csv(write());
  };
}
