import { personName } from '../city/people.ts';
import { COMMUNES } from '../city/units.ts';
import { isoDay, yearOf } from '../days.ts';
import { horizonOf, type HorizonOptions } from '../horizon.ts';
import { at, hash } from '../random.ts';
import { columnName, workbook, type Cell, type Sheet } from '../xlsx.ts';

/** A pupil of a register, as meant. */
export type RegisteredPupil = {
  readonly school: string;
  readonly year: string;
  readonly classCode: string;
  readonly pupil: string;
  readonly state: 'enrolled' | 'transferred_out';
};

const PUPILS = 7501;
const PUPILS_A_CLASS = 12;
const CLASSES = ['06A', '07A'];
const ETHNIC = ['Kinh', 'Tày', 'Mường', 'Hoa'];

/** The registers of some schools as workbooks: titles, two header rows with merged groups, columns in another order in every school. */
export function schoolRegisters(
  options: HorizonOptions,
  schools = 5,
): readonly { readonly name: string; readonly bytes: Buffer }[] {
  return Array.from({ length: schools }, (_, n) => {
    const code = schoolCode(n);
    return { name: `${code}.xlsx`, bytes: register(options, n) };
  });
}

/** Every pupil of those registers. */
export function registeredPupils(options: HorizonOptions, schools = 5): readonly RegisteredPupil[] {
  return Array.from({ length: schools }, (_, n) => pupilsOf(options, n)).flat();
}

function register(options: HorizonOptions, n: number): Buffer {
  const year = schoolYear(options);
  const { code: commune, name } = at(COMMUNES, n);
  const school = schoolCode(n);
  const pupils = pupilsOf(options, n);
  return workbook([
    sheet(n, 'Trường', 'Thông tin chung', {
      'Mã trường': [school],
      'Tên trường': [`Trường THCS ${name} (mô phỏng)`],
      'Cấp học': ['THCS'],
      'Loại hình': ['Công lập'],
      'Mã xã': [commune],
      'Năm học': [year],
    }),
    sheet(n, 'Lớp học', 'Tổ chức lớp', {
      'Mã trường': CLASSES.map(() => school),
      'Năm học': CLASSES.map(() => year),
      'Mã lớp': CLASSES,
      'Tên lớp': CLASSES.map((one) => one.replace(/^0/, '')),
      Khối: CLASSES.map((one) => Number(one.slice(0, 2))),
      'Sĩ số (người)': CLASSES.map((one) =>
        String(pupils.filter(({ classCode }) => classCode === one).length),
      ),
    }),
    sheet(n, 'Học sinh', 'Thông tin học sinh', {
      'Mã trường': pupils.map(() => school),
      'Năm học': pupils.map(() => year),
      'Mã lớp': pupils.map(({ classCode }) => classCode),
      'Mã định danh (Bộ)': pupils.map(({ pupil }) => pupil),
      'Họ và tên': pupils.map((_, at) => `${personName(n * 100 + at)} (mô phỏng)`),
      'Ngày sinh': pupils.map((_, at) => `${String(1 + (at % 28))}/${String(1 + (at % 12))}/2014`),
      'Giới tính': pupils.map((_, at) => (at % 2 === 0 ? 'Nữ' : 'Nam')),
      'Dân tộc': pupils.map((_, n) => at(ETHNIC, n % ETHNIC.length)),
      'Trạng thái': pupils.map(({ state }) => (state === 'enrolled' ? 'Đang học' : 'Chuyển đi')),
    }),
  ]);
}

function pupilsOf(options: HorizonOptions, n: number): readonly RegisteredPupil[] {
  const { seed } = horizonOf(options);
  const year = schoolYear(options);
  return CLASSES.flatMap((classCode, k) =>
    Array.from({ length: PUPILS_A_CLASS }, (_, index): RegisteredPupil => {
      const number = n * 100 + k * PUPILS_A_CLASS + index;
      const state = hash(seed, PUPILS, number) % 20 === 0 ? 'transferred_out' : 'enrolled';
      return {
        school: schoolCode(n),
        year,
        classCode,
        pupil: `31${String(number).padStart(8, '0')}`,
        state,
      };
    }),
  );
}

function schoolCode(n: number): string {
  return `31${at(COMMUNES, n).code}001`;
}

function schoolYear(options: HorizonOptions): string {
  const { lastDay } = horizonOf(options);
  const year = yearOf(lastDay) - (isoDay(lastDay).slice(5) < '09' ? 1 : 0);
  return `${String(year)}-${String(year + 1)}`;
}

/** A sheet whose columns begin at another one in every school. */
function sheet(
  turn: number,
  name: string,
  group: string,
  columns: Readonly<Record<string, readonly Cell[]>>,
): Sheet {
  const all = Object.entries(columns);
  const turned = all.map((_, n) => at(all, (n + turn) % all.length));
  const count = turned[0]?.[1].length ?? 0;
  const rows = Array.from({ length: count }, (_, n) => [
    n + 1,
    ...turned.map(([, cells]) => cells[n] ?? null),
  ]);
  const last = columnName(turned.length);
  return {
    name,
    rows: [
      ['SỞ GIÁO DỤC VÀ ĐÀO TẠO (dữ liệu mô phỏng)'],
      [null, group],
      ['STT', ...turned.map(([title]) => title)],
      ...rows,
    ],
    merged: [`A1:${last}1`, `B2:${last}2`, 'A2:A3'],
  };
}
