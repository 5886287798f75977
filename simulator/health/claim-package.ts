import { personName, personalCode } from '../city/people.ts';
import { compactDay, weekday } from '../days.ts';
import type { Horizon } from '../horizon.ts';
import {
  amountOf,
  costOf,
  FACILITIES,
  lastDayOf,
  sentOn,
  visits,
  type Facility,
  type Line,
  type Visit,
} from './visit-book.ts';

/** Longest stay: how far back a week's package looks for visits that ended in it. */
const LONGEST_STAY = 10;

/** A visit as a package tells it: a corrected one is sent first with a line too many. */
export type ToldVisit = { readonly visit: Visit; readonly isFirst: boolean };

/** The line that a correction takes back. */
const MISTAKEN: Line = {
  code: '40.999',
  name: 'Thuốc ghi nhầm (mô phỏng)',
  quantity: 1,
  price: 5000,
};

/** What the package of a Sunday holds of one facility: visits that ended in its week, and corrections of the week before. */
export function* packageVisits(
  horizon: Horizon,
  facility: Facility,
  sunday: number,
): Generator<ToldVisit> {
  for (const visit of visits(horizon, sunday - 14 - LONGEST_STAY, sunday)) {
    if (visit.facility.code !== facility.code) continue;
    const sent = sentOn(lastDayOf(visit));
    if (sent === sunday) yield { visit, isFirst: true };
    else if (visit.isCorrected && sent + 7 === sunday) yield { visit, isFirst: false };
  }
}

/** The Sundays from one day to another on which packages are sent. */
export function* sundays(from: number, to: number): Generator<number> {
  for (let day = from; day <= to; day += 1) if (weekday(day) === 0) yield day;
}

/** The drugs that a claim tells. */
export function drugsTold({ visit, isFirst }: ToldVisit): readonly Line[] {
  return visit.isCorrected && isFirst ? [...visit.drugs, MISTAKEN] : visit.drugs;
}

/** The package of a facility and week: an envelope with base64 tables (QĐ 4750). */
export function packageXml(facility: Facility, sunday: number, told: readonly ToldVisit[]): string {
  const claims = told.map(claimXml).join('');
  return `<?xml version="1.0" encoding="utf-8"?><!-- dữ liệu mô phỏng -->
<GIAMDINHHS><THONGTINDONVI><MACSKCB>${facility.code}</MACSKCB></THONGTINDONVI><THONGTINHOSO><NGAYLAP>${compactDay(sunday)}</NGAYLAP><SOLUONGHOSO>${String(told.length)}</SOLUONGHOSO><DANHSACHHOSO>${claims}</DANHSACHHOSO></THONGTINHOSO><CHUKYDONVI>mo-phong</CHUKYDONVI></GIAMDINHHS>`;
}

/** The file name of a week's packages. */
export function packageName(sunday: number): string {
  return `BHYT_${compactDay(sunday)}.zip`;
}

/** Every facility. */
export const CLAIMING: readonly Facility[] = FACILITIES;

function claimXml(told: ToldVisit): string {
  const drugs = drugsTold(told);
  const { visit } = told;
  const tables = [
    ['XML1', `<TONG_HOP>${fields(summary(visit, drugs))}</TONG_HOP>`],
    ...(drugs.length === 0
      ? []
      : [
          [
            'XML2',
            list(
              'CHITIEU_CHITIET_THUOC',
              'CHI_TIET_THUOC',
              drugs.map((line, n) => drug(visit, line, n)),
            ),
          ],
        ]),
    [
      'XML3',
      list(
        'CHITIEU_CHITIET_DVKT_VTYT',
        'CHI_TIET_DVKT',
        visit.services.map((line, n) => service(visit, line, n)),
      ),
    ],
  ];
  const files = tables.map(
    ([kind = '', xml = '']) =>
      `<FILEHOSO><LOAIHOSO>${kind}</LOAIHOSO><NOIDUNGFILE>${Buffer.from(xml).toString('base64')}</NOIDUNGFILE></FILEHOSO>`,
  );
  return `<HOSO>${files.join('')}</HOSO>`;
}

type Fields = Readonly<Record<string, string | number>>;

function summary(visit: Visit, drugs: readonly Line[]): Fields {
  const { facility, patient, disease } = visit;
  const total = costOf({ drugs, services: visit.services });
  const copayment = shared(total);
  return {
    MA_LK: visit.code,
    STT: 1,
    MA_BN: `BN${String(patient)}`,
    HO_TEN: personName(patient),
    SO_CCCD: personalCode(patient),
    NGAY_SINH:
      patient % 7 === 0
        ? `${compactDay(visit.bornDay).slice(0, 4)}00000000`
        : `${compactDay(visit.bornDay)}0000`,
    GIOI_TINH: visit.isFemale ? 2 : 1,
    DIA_CHI: 'Hải Phòng (mô phỏng)',
    MATINH_CU_TRU: '31',
    MAXA_CU_TRU: visit.commune,
    MA_THE_BHYT: `DN431${String(patient).padStart(10, '0')}`,
    CHAN_DOAN_RV: disease.name,
    MA_BENH_CHINH: disease.code,
    NGAY_VAO: `${compactDay(visit.day)}0730`,
    NGAY_VAO_NOI_TRU: visit.days > 0 ? `${compactDay(visit.day)}0900` : '',
    NGAY_RA: `${compactDay(lastDayOf(visit))}1600`,
    SO_NGAY_DTRI: visit.days,
    KET_QUA_DTRI: visit.died ? 5 : 1,
    T_THUOC: money(drugs.reduce((sum, line) => sum + amountOf(line), 0)),
    T_VTYT: money(0),
    T_TONGCHI_BV: money(total),
    T_TONGCHI_BH: money(total),
    T_BNTT: money(0),
    T_BNCCT: money(copayment),
    T_BHTT: money(total - copayment + (visit.isMiscounted ? 1000 : 0)),
    T_NGUONKHAC: money(0),
    NAM_QT: compactDay(lastDayOf(visit)).slice(0, 4),
    THANG_QT: Number(compactDay(lastDayOf(visit)).slice(4, 6)),
    MA_LOAI_KCB: visit.days > 0 ? '03' : '01',
    MA_CSKCB: facility.code,
  };
}

function drug(visit: Visit, line: Line, n: number): Fields {
  const { code, name, ...common } = lineFields(visit, line, n);
  return { ...common, MA_THUOC: code, TEN_THUOC: name, DON_GIA: line.price };
}

function service(visit: Visit, line: Line, n: number): Fields {
  const { code, name, ...common } = lineFields(visit, line, n);
  return {
    ...common,
    MA_DICH_VU: code,
    TEN_DICH_VU: name,
    DON_GIA_BV: line.price,
    DON_GIA_BH: line.price,
  };
}

function lineFields(visit: Visit, line: Line, n: number) {
  const amount = amountOf(line);
  return {
    code: line.code,
    name: line.name,
    MA_LK: visit.code,
    STT: n + 1,
    TYLE_TT_BH: 100,
    SO_LUONG: line.quantity,
    THANH_TIEN_BV: money(amount),
    THANH_TIEN_BH: money(amount),
    T_BNTT: money(0),
    T_BNCCT: money(shared(amount)),
    T_BHTT: money(amount - shared(amount)),
    T_NGUONKHAC: money(0),
    MUC_HUONG: 80,
  };
}

/** The patient's fifth; prices are multiples of 500 đồng, so it is whole. */
function shared(amount: number): number {
  return amount / 5;
}

function money(amount: number): string {
  return amount.toFixed(2);
}

function list(root: string, row: string, rows: readonly Fields[]): string {
  return `<${root}><DSACH>${rows.map((one) => `<${row}>${fields(one)}</${row}>`).join('')}</DSACH></${root}>`;
}

function fields(row: Fields): string {
  return Object.entries(row)
    .map(([name, value]) => (value === '' ? `<${name}/>` : `<${name}>${String(value)}</${name}>`))
    .join('');
}
