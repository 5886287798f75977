import { isoDay } from '../days.ts';
import { EPOCH, REFORM } from '../horizon.ts';
import { fraction, hash, STREAM } from '../random.ts';
import { COMMUNES, DISTRICTS, FORMER_COMMUNES } from './units.ts';

/** Level of an agency: province, department, district one-stop unit, commune service centre. */
export type AgencyLevel = 'tinh' | 'so' | 'huyen' | 'xa';

/** An agency that takes in or handles dossiers. Codes follow the pattern of QĐ 20/2020, invented. */
export type Agency = {
  readonly code: string;
  readonly name: string;
  readonly level: AgencyLevel;
  readonly parent: string | null;
  readonly communeCode: string | null;
  readonly districtCode: string | null;
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly successors: readonly string[];
  /** Share of dossiers it finishes late. */
  readonly lateShare: number;
  /** Writes dates as yyyyMMddHHmmss instead of yyyy-MM-dd HH:mm:ss. */
  readonly compactDates: boolean;
  /** Leaves empty fields out instead of sending null. */
  readonly omitsEmpty: boolean;
};

/** Departments of a province, in the order of their codes. */
export const DEPARTMENTS = [
  'Sở Nội vụ',
  'Sở Tư pháp',
  'Sở Tài chính',
  'Sở Công Thương',
  'Sở Nông nghiệp và Môi trường',
  'Sở Xây dựng',
  'Sở Khoa học và Công nghệ',
  'Sở Văn hóa, Thể thao và Du lịch',
  'Sở Giáo dục và Đào tạo',
  'Sở Y tế',
  'Thanh tra tỉnh, thành phố',
  'Ban Quản lý Khu kinh tế',
] as const;

const EVER = isoDay(EPOCH);
const SINCE_REFORM = isoDay(REFORM);
const UNTIL_REFORM = isoDay(REFORM - 1);
const HABIT_SEED = 31;

type AgencyFacts = Omit<Agency, 'lateShare' | 'compactDates' | 'omitsEmpty'>;

function withHabits(facts: AgencyFacts, position: number): Agency {
  const luck = fraction(HABIT_SEED, STREAM.agency, position);
  const habit = hash(HABIT_SEED, STREAM.agency, position, 1);
  return {
    ...facts,
    lateShare: 0.02 + luck ** 3 * 0.28,
    compactDates: habit % 3 === 0,
    omitsEmpty: (habit >>> 4) % 3 !== 0,
  };
}

function numbered(province: string, number: number): string {
  return `${province}.${String(number).padStart(2, '0')}`;
}

function provinces(): readonly AgencyFacts[] {
  const none = { level: 'tinh', parent: null, communeCode: null, districtCode: null } as const;
  return [
    {
      ...none,
      code: 'H31',
      name: 'UBND thành phố Hải Phòng',
      validFrom: EVER,
      validTo: null,
      successors: [],
    },
    {
      ...none,
      code: 'H30',
      name: 'UBND tỉnh Hải Dương',
      validFrom: EVER,
      validTo: UNTIL_REFORM,
      successors: ['H31'],
    },
  ];
}

function departments(): readonly AgencyFacts[] {
  return ['H31', 'H30'].flatMap((parent) =>
    DEPARTMENTS.map((name, i) => ({
      code: numbered(parent, i + 1),
      name: parent === 'H31' ? name : `${name} tỉnh Hải Dương`,
      level: 'so' as const,
      parent,
      communeCode: null,
      districtCode: null,
      validFrom: EVER,
      validTo: parent === 'H31' ? null : UNTIL_REFORM,
      successors: parent === 'H31' ? [] : [numbered('H31', i + 1)],
    })),
  );
}

/** Code of the service centre of a commune, by its position in {@link COMMUNES}. */
function centreCode(commune: number): string {
  return numbered('H31', 101 + commune);
}

function successorsOf(district: string): readonly string[] {
  const targets = FORMER_COMMUNES.filter((commune) => commune.district.code === district)
    .flatMap((commune) => commune.successors)
    .map(({ target }) => centreCode(target));
  const island = COMMUNES.findIndex((commune) => commune.name.endsWith('Bạch Long Vĩ'));
  return targets.length === 0 ? [centreCode(island)] : [...new Set(targets)].toSorted();
}

function districtUnits(): readonly AgencyFacts[] {
  const seen = { '30': 0, '31': 0 };
  return DISTRICTS.map(({ code, name, province }) => {
    seen[province] += 1;
    const parent = `H${province}`;
    return {
      code: numbered(parent, 20 + seen[province]),
      name: `Bộ phận Một cửa UBND ${name}`,
      level: 'huyen',
      parent,
      communeCode: null,
      districtCode: code,
      validFrom: EVER,
      validTo: UNTIL_REFORM,
      successors: successorsOf(code),
    };
  });
}

function centres(): readonly AgencyFacts[] {
  return COMMUNES.map((commune, i) => ({
    code: centreCode(i),
    name: `Trung tâm Phục vụ hành chính công ${commune.name}`,
    level: 'xa',
    parent: 'H31',
    communeCode: commune.code,
    districtCode: null,
    validFrom: SINCE_REFORM,
    validTo: null,
    successors: [],
  }));
}

/** Every agency of both maps. */
export const AGENCIES: readonly Agency[] = [
  ...provinces(),
  ...departments(),
  ...districtUnits(),
  ...centres(),
].map(withHabits);

const byCode = new Map(AGENCIES.map((agency) => [agency.code, agency]));
const byDistrict = new Map(AGENCIES.map((agency) => [agency.districtCode, agency]));
const byCommune = new Map(AGENCIES.map((agency) => [agency.communeCode, agency]));

function found(agency: Agency | undefined, key: string): Agency {
  if (agency === undefined) throw new RangeError(`no agency for ${key}`);
  return agency;
}

/** The agency with a code. */
export function agencyByCode(code: string): Agency {
  return found(byCode.get(code), code);
}

/** The one-stop unit of a former district. */
export function districtUnit(district: string): Agency {
  return found(byDistrict.get(district), district);
}

/** The service centre of one of today's communes. */
export function communeCentre(commune: string): Agency {
  return found(byCommune.get(commune), commune);
}

/** A department of a province, by its position in {@link DEPARTMENTS}. */
export function departmentOf(province: '30' | '31', department: number): Agency {
  return agencyByCode(numbered(`H${province}`, department + 1));
}
