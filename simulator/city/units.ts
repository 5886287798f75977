import { at, fraction, hash, STREAM } from '../random.ts';
import { COMMUNE_TABLE, DISTRICT_TABLE, FORMER_COMMUNE_TABLE } from './units-table.ts';

/** A district; all ended on 2025-06-30. */
export type District = {
  readonly code: string;
  readonly name: string;
  readonly province: '30' | '31';
};

/** A part of a former commune that went to one of today's. */
export type Succession = {
  /** Position in {@link COMMUNES}. */
  readonly target: number;
  /** Invented share, in thousandths; the shares of one commune sum to 1000. */
  readonly permille: number;
};

/** A commune, of either map. Latitude and longitude are points inside (jittered for former ones). */
export type Commune = {
  readonly code: string;
  readonly name: string;
  readonly latitude: number;
  readonly longitude: number;
};

/** A commune that ended on 2025-06-30. */
export type FormerCommune = Commune & {
  readonly district: District;
  readonly successors: readonly Succession[];
};

/** The shares are one fixed invention: they do not vary with the seed. */
const SHARE_SEED = 31;

function cells(table: string): readonly (readonly string[])[] {
  return table
    .trim()
    .split(/[;\n]/)
    .map((entry) => entry.split('|'));
}

function province(code: string): '30' | '31' {
  return code === '30' ? '30' : '31';
}

/** The 27 former districts. */
export const DISTRICTS: readonly District[] = cells(DISTRICT_TABLE).map(
  ([code = '', name = '', in_ = '']) => ({ code, name, province: province(in_) }),
);

/** The 114 communes since 2025-07-01, by code. */
export const COMMUNES: readonly Commune[] = cells(COMMUNE_TABLE).map(
  ([code = '', name = '', latitude, longitude]) => ({
    code,
    name,
    latitude: Number(latitude),
    longitude: Number(longitude),
  }),
);

const districtByCode = new Map(DISTRICTS.map((district) => [district.code, district]));
const communePosition = new Map(COMMUNES.map((commune, position) => [commune.code, position]));

function positionOf(code: string): number {
  const position = communePosition.get(code);
  if (position === undefined) throw new RangeError(`no commune ${code}`);
  return position;
}

function districtOf(code: string): District {
  const district = districtByCode.get(code);
  if (district === undefined) throw new RangeError(`no district ${code}`);
  return district;
}

function shares(commune: string, targets: readonly string[]): readonly Succession[] {
  const weights = targets.map(
    (target) => 20 + (hash(SHARE_SEED, STREAM.share, Number(commune), Number(target)) % 61),
  );
  const parts = apportion(1000, weights);
  return targets.map((target, i) => ({ target: positionOf(target), permille: at(parts, i) }));
}

function jitter(code: string, axis: number): number {
  return (fraction(SHARE_SEED, STREAM.place, Number(code), axis) - 0.5) * 0.04;
}

/** The 374 communes until 2025-06-30, by code. */
export const FORMER_COMMUNES: readonly FormerCommune[] = cells(FORMER_COMMUNE_TABLE).map(
  ([code = '', name = '', district = '', targets = '']) => {
    const successors = shares(code, targets.split(' '));
    const near = at(COMMUNES, at(successors, 0).target);
    return {
      code,
      name,
      latitude: Number((near.latitude + jitter(code, 0)).toFixed(4)),
      longitude: Number((near.longitude + jitter(code, 1)).toFixed(4)),
      district: districtOf(district),
      successors,
    };
  },
);

/** Name of a province by its code. */
export const PROVINCE_NAME = { '30': 'Hải Dương', '31': 'Hải Phòng' } as const;

/** Splits a whole number by weights into whole parts that sum to it (the last takes the rest). */
export function apportion(total: number, weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  const parts = weights.map((weight) => Math.floor((total * weight) / sum));
  const rest = total - parts.reduce((a, b) => a + b, 0);
  return parts.map((part, i) => (i === parts.length - 1 ? part + rest : part));
}
