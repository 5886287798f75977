import { personName } from '../city/people.ts';
import { compactDay, isoDay } from '../days.ts';
import type { Horizon } from '../horizon.ts';
import { visits, type Visit } from './visit-book.ts';

/** A case as the CDC lists it: suspected first, with its class a week later. */
export type ListedCase = {
  readonly visit: Visit;
  readonly sunday: number;
  readonly caseClass: 'Nghi ngờ' | 'Xác định' | 'Loại trừ';
  readonly state: 'Mới' | 'Cập nhật' | 'Báo nhầm';
};

/** Headers of two generations of the form: the spelling changed on a day. */
const OLD_HEADER =
  'Mã ca,Họ tên,Ngày sinh,Giới,Mã xã,Bệnh,ICD-10,Phân loại,Ngày khởi phát,Ngày báo cáo,Ngày cập nhật,Trạng thái bản ghi';
const NEW_HEADER =
  'Mã số ca bệnh,Họ và tên,Ngày tháng năm sinh,Giới tính,Mã phường xã,Tên bệnh,Mã bệnh,Phân loại ca bệnh,Khởi phát,Ngày nhận báo cáo,Ngày cập nhật,Trạng thái';
/** First day of the newer form: 1 January 2026. */
const NEW_FORM = 20_454;

/** What the list of a Sunday says: cases of its week, and the classes of those of the week before. */
export function* casesOf(horizon: Horizon, sunday: number): Generator<ListedCase> {
  for (const visit of visits(horizon, sunday - 13, sunday)) {
    if (!visit.disease.isInfectious) continue;
    const isNew = visit.day > sunday - 7;
    const caseClass = isNew ? 'Nghi ngờ' : visit.isCorrected ? 'Loại trừ' : 'Xác định';
    const state = isNew ? 'Mới' : visit.isWithdrawn ? 'Báo nhầm' : 'Cập nhật';
    yield { visit, sunday, caseClass, state };
  }
}

/** The file name of a Sunday's list. */
export function caseListName(sunday: number): string {
  return `ca-benh_${compactDay(sunday)}.csv`;
}

/** A Sunday's list as CSV. */
export function caseListCsv(horizon: Horizon, sunday: number): string {
  const lines = [...casesOf(horizon, sunday)].map((one) => caseLine(one));
  return [sunday < NEW_FORM ? OLD_HEADER : NEW_HEADER, ...lines, ''].join('\r\n');
}

function caseLine({ visit, sunday, caseClass, state }: ListedCase): string {
  return [
    visit.code,
    personName(visit.patient),
    printed(visit.bornDay),
    visit.isFemale ? 'Nữ' : 'Nam',
    visit.commune,
    visit.disease.name,
    visit.disease.code,
    caseClass,
    printed(visit.day - 1),
    printed(visit.day),
    printed(sunday),
    state,
  ].join(',');
}

/** `dd/MM/yyyy`. */
function printed(day: number): string {
  return isoDay(day).split('-').reverse().join('/');
}
