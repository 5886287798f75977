import { COMMUNES } from '../city/units.ts';
import { weekday } from '../days.ts';
import { EPOCH, type Horizon } from '../horizon.ts';
import { at, Dice, fraction, roundByChance } from '../random.ts';

/** A visit to a health facility, from which claims, FHIR resources, figures and case lists are all made. */
export type Visit = {
  readonly code: string;
  readonly patient: number;
  readonly facility: Facility;
  readonly day: number;
  /** Days of stay; 0 for a visit without a bed. */
  readonly days: number;
  readonly disease: Disease;
  readonly died: boolean;
  readonly isFemale: boolean;
  readonly bornDay: number;
  /** Code of the commune of residence, of the map since the reform. */
  readonly commune: string;
  readonly drugs: readonly Line[];
  readonly services: readonly Line[];
  /** Sent again a week later: with a line taken back, and amounts that agree. */
  readonly isCorrected: boolean;
  /** The facility's arithmetic is wrong. */
  readonly isMiscounted: boolean;
  /** Entered in error and withdrawn ten days later. */
  readonly isWithdrawn: boolean;
};

/** A health facility; invented. */
export type Facility = { readonly code: string; readonly name: string; readonly hasBeds: boolean };
/** A disease by ICD-10. */
export type Disease = {
  readonly code: string;
  readonly name: string;
  readonly isInfectious: boolean;
};
/** A drug or service: amounts in đồng, of which the insurer pays 80 %. */
export type Line = {
  readonly code: string;
  readonly name: string;
  readonly quantity: number;
  readonly price: number;
};

const VISITS_A_YEAR = 20_000;
const PATIENTS = 9000;
/** Days after which an erroneous visit is withdrawn. */
export const WITHDRAWN_AFTER = 10;
/** Streams of randomness of this system. */
const COUNT = 7201;
const VISIT = 7202;
const PATIENT = 7203;

/** The facilities. */
export const FACILITIES: readonly Facility[] = [
  ...['Việt Tiệp', 'Kiến An', 'Trẻ em', 'Phụ sản', 'Hải Dương', 'Thủy Nguyên'].map((name, n) => ({
    code: `31${String(n + 1).padStart(3, '0')}`,
    name: `Bệnh viện ${name} (mô phỏng)`,
    hasBeds: true,
  })),
  ...COMMUNES.slice(0, 6).map(({ name }, n) => ({
    code: `31${String(n + 101)}`,
    name: `Trạm Y tế ${name} (mô phỏng)`,
    hasBeds: false,
  })),
];

/** The diseases. */
export const DISEASES: readonly Disease[] = [
  ['J20.9', 'Viêm phế quản cấp', false],
  ['I10', 'Tăng huyết áp', false],
  ['E11.9', 'Đái tháo đường típ 2', false],
  ['K29.7', 'Viêm dạ dày', false],
  ['M54.5', 'Đau lưng', false],
  ['O80', 'Đẻ thường', false],
  ['A97.0', 'Sốt xuất huyết Dengue', true],
  ['B05.9', 'Sởi', true],
  ['B08.4', 'Tay chân miệng', true],
].map(([code, name, isInfectious]) => ({
  code: String(code),
  name: `${String(name)} (mô phỏng)`,
  isInfectious: isInfectious === true,
}));

const DRUGS = ['Amoxicilin', 'Paracetamol', 'Metformin', 'Amlodipin'].map((name, n) => ({
  code: `40.${String(n + 150)}`,
  name: `${name} (mô phỏng)`,
}));
const SERVICES = ['Khám bệnh', 'Xét nghiệm máu', 'Siêu âm', 'Giường bệnh'].map((name, n) => ({
  code: `0${String(n + 1)}.1896`,
  name: `${name} (mô phỏng)`,
}));

/** The visits that began from one day to another, inclusive, in order; none after the last visible day. */
export function* visits(horizon: Horizon, from: number, to: number): Generator<Visit> {
  const { seed, scale, lastDay } = horizon;
  for (let day = Math.max(from, EPOCH); day <= Math.min(to, lastDay); day += 1) {
    const week = weekday(day) === 0 ? 0.3 : 1.1;
    const expected = (VISITS_A_YEAR / 365) * scale * week;
    const count = roundByChance(expected, fraction(seed, COUNT, day));
    for (let n = 0; n < count; n += 1) yield visit(seed, day, n);
  }
}

/** What a line costs, in đồng. */
export function amountOf({ quantity, price }: Line): number {
  return quantity * price;
}

/** What the lines of a visit cost together, in đồng. */
export function costOf({ drugs, services }: Pick<Visit, 'drugs' | 'services'>): number {
  return [...drugs, ...services].reduce((sum, line) => sum + amountOf(line), 0);
}

/** The day after the last of a visit's stay. */
export function lastDayOf({ day, days }: Visit): number {
  return day + days;
}

/** The Sunday on whose evening a visit that ended on a day is sent. */
export function sentOn(day: number): number {
  return day + ((7 - weekday(day)) % 7);
}

function visit(seed: number, day: number, n: number): Visit {
  const dice = new Dice(seed, VISIT, day, n);
  const facility = dice.pick(FACILITIES);
  const stays = facility.hasBeds && dice.chance(0.25);
  const days = stays ? dice.between(1, 9) : 0;
  const patient = dice.int(PATIENTS);
  const person = patientOf(seed, patient);
  const drawn = dice.pick(DISEASES);
  const disease = drawn.code === 'O80' && !person.isFemale ? at(DISEASES, 1) : drawn;
  return {
    ...person,
    code: `${facility.code}-${String(day)}-${String(n)}`,
    patient,
    facility,
    day,
    days,
    disease,
    died: stays && dice.chance(0.01),
    drugs: lines(dice, DRUGS, dice.int(4), 500),
    services: lines(dice, SERVICES, dice.between(1, 3), 10_000),
    isCorrected: dice.chance(0.02),
    isMiscounted: dice.chance(0.005),
    isWithdrawn: dice.chance(0.005),
  };
}

/** What stays the same from visit to visit of a person; invented. */
export function patientOf(
  seed: number,
  patient: number,
): Pick<Visit, 'isFemale' | 'bornDay' | 'commune'> {
  const dice = new Dice(seed, PATIENT, patient);
  return {
    isFemale: dice.chance(0.5),
    bornDay: EPOCH - dice.between(400, 28_000),
    commune: dice.pick(COMMUNES).code,
  };
}

function lines(
  dice: Dice,
  list: readonly Pick<Line, 'code' | 'name'>[],
  count: number,
  unit: number,
): readonly Line[] {
  return Array.from({ length: count }, () => ({
    ...dice.pick(list),
    quantity: dice.between(1, 20),
    price: unit * dice.between(1, 20),
  }));
}
