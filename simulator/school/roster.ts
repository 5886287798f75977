import { COMMUNES } from '../city/units.ts';
import { personName } from '../city/people.ts';
import { isoDay, yearOf } from '../days.ts';
import type { Horizon } from '../horizon.ts';
import { fraction, hash } from '../random.ts';

/** One record of a collection as OneRoster 1.2 gives it. */
export type RosterRecord = { readonly sourcedId: string } & Readonly<Record<string, unknown>>;

/** The collections of the school system. */
export type Roster = Readonly<Record<string, readonly RosterRecord[]>>;

const PUPILS_AT_SCALE_1 = 30_000;
const GRADES = ['06', '07', '08', '09'];
/** Streams of randomness of this system. */
const MODIFIED = 7101;
const LEFT = 7102;
const BORN = 7103;

/** The rosters of the last visible day: a school in every commune, four classes each, pupils by the scale. */
export function createRoster(horizon: Horizon): Roster {
  const schools = COMMUNES.map(({ code, name }) => ({ id: `truong-${code}`, code, name }));
  const year = yearOf(horizon.lastDay) - (isoDay(horizon.lastDay).slice(5) < '09' ? 1 : 0);
  const session = `nam-${String(year)}`;
  const classes = schools.flatMap(({ id, code }) =>
    GRADES.map((grade) => ({ id: `lop-${code}-${grade}`, school: id, grade })),
  );
  const count = Math.max(classes.length, Math.round(PUPILS_AT_SCALE_1 * horizon.scale));
  const pupils = Array.from({ length: count }, (_, n) => ({ n, in: classes[n % classes.length] }));
  return {
    orgs: schools.map(({ id, code, name }, n) =>
      record(horizon, id, n, {
        name: `Trường THCS ${name}`,
        type: 'school',
        identifier: code,
        parent: { sourcedId: 'so-gddt' },
      }),
    ),
    academicSessions: [
      record(horizon, session, 0, {
        title: `Năm học ${String(year)}-${String(year + 1)}`,
        type: 'schoolYear',
        startDate: `${String(year)}-09-05`,
        endDate: `${String(year + 1)}-05-31`,
        schoolYear: String(year + 1),
      }),
    ],
    courses: [],
    classes: classes.map(({ id, school, grade }, n) =>
      record(horizon, id, n, {
        title: `Lớp ${String(Number(grade))}A`,
        classType: 'homeroom',
        grades: [grade],
        school: { sourcedId: school },
        terms: [{ sourcedId: session }],
      }),
    ),
    users: pupils.map(({ n, in: own }) => pupil(horizon, n, own?.school ?? '', own?.grade ?? '')),
    enrollments: pupils.map(({ n, in: own }) =>
      record(horizon, `ghi-danh-${String(n)}`, n, {
        user: { sourcedId: `hs-${String(n)}` },
        class: { sourcedId: own?.id ?? '' },
        school: { sourcedId: own?.school ?? '' },
        role: 'student',
        primary: 'false',
      }),
    ),
    demographics: pupils.map(({ n, in: own }) =>
      record(horizon, `hs-${String(n)}`, n, {
        birthDate: `${String(year - Number(own?.grade ?? 6) - 5)}-0${String(1 + (hash(horizon.seed, BORN, n) % 9))}-15`,
        sex: hash(horizon.seed, BORN, n) % 2 === 0 ? 'female' : 'male',
      }),
    ),
  };
}

function pupil(horizon: Horizon, n: number, school: string, grade: string): RosterRecord {
  return record(horizon, `hs-${String(n)}`, n, {
    enabledUser: 'true',
    username: `hs${String(n)}`,
    password: `mo-phong-${String(n)}`,
    givenName: personName(n),
    familyName: 'Mô phỏng',
    grades: [grade],
    roles: [{ roleType: 'primary', role: 'student', org: { sourcedId: school } }],
    userIds: [{ type: 'ma-dinh-danh', identifier: String(n) }],
  });
}

/** About one in fifty has left; the moments of change lie in the last ninety days. */
function record(
  horizon: Horizon,
  sourcedId: string,
  n: number,
  fields: Readonly<Record<string, unknown>>,
): RosterRecord {
  const changed = horizon.lastDay - 1 - (hash(horizon.seed, MODIFIED, n, sourcedId.length) % 90);
  const isGone = sourcedId.startsWith('ghi-danh') && fraction(horizon.seed, LEFT, n) < 0.02;
  return {
    sourcedId,
    status: isGone ? 'tobedeleted' : 'active',
    dateLastModified: `${isoDay(changed)}T02:00:00.000Z`,
    ...fields,
  };
}
