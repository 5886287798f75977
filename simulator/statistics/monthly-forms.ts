import { isoDay } from '../days.ts';
import { horizonOf, type Horizon, type HorizonOptions } from '../horizon.ts';
import { at, hash } from '../random.ts';
import { columnName, workbook, type Cell } from '../xlsx.ts';

/** A figure of a month's form, as it is meant; `stage` is how the form knows it. */
export type FormFigure = {
  readonly form: 'ban-le' | 'cang-bien';
  readonly item: string;
  readonly month: string;
  readonly stage: 'estimate' | 'final';
  /** In the unit printed: billion đồng, thousand tonnes. */
  readonly value: number;
};

/** A form of one month. */
export type MonthlyForm = { readonly name: string; readonly bytes: Buffer };

const MONTHS = 12;
const FORMS = 7401;
const KINDS = [
  {
    form: 'ban-le',
    title: 'TỔNG MỨC BÁN LẺ HÀNG HÓA (dữ liệu mô phỏng)',
    unit: 'Đơn vị tính: tỷ đồng',
    items: ['Bán lẻ hàng hóa', 'Lưu trú, ăn uống', 'Dịch vụ khác'],
    before: 'Thực hiện tháng trước',
    now: 'Ước thực hiện tháng',
  },
  {
    form: 'cang-bien',
    title: 'HÀNG HÓA THÔNG QUA CẢNG BIỂN (dữ liệu mô phỏng)',
    unit: 'Đơn vị tính: nghìn tấn',
    items: ['Hàng container', 'Hàng rời', 'Hàng lỏng'],
    before: 'Thực hiện tháng trước',
    now: 'Ước thực hiện tháng',
  },
] as const;

/** Twenty-four forms a year: two departments, the last twelve months, each with an estimate and last month's actual. */
export function monthlyForms(options: HorizonOptions): readonly MonthlyForm[] {
  const horizon = horizonOf(options);
  return KINDS.flatMap((kind) =>
    months(horizon).map((month) => ({
      name: `${kind.form}_${month}.xlsx`,
      bytes: form(horizon, kind, month),
    })),
  );
}

/** The latest stage of every figure that the forms tell of. */
export function formFigures(options: HorizonOptions): readonly FormFigure[] {
  const horizon = horizonOf(options);
  const all = months(horizon);
  return KINDS.flatMap(({ form: name, items }, kind) =>
    items.flatMap((item, n) =>
      [monthBefore(at(all, 0)), ...all].map((month): FormFigure => {
        const stage = month === all.at(-1) ? 'estimate' : 'final';
        return { form: name, item, month, stage, value: figure(horizon, kind, n, month, stage) };
      }),
    ),
  );
}

function form(horizon: Horizon, kind: (typeof KINDS)[number], month: string): Buffer {
  const place = KINDS.indexOf(kind);
  const header: readonly Cell[] = ['STT', 'Chỉ tiêu', kind.before, kind.now];
  const rows = kind.items.map((item, n): readonly Cell[] => [
    n + 1,
    item,
    figure(horizon, place, n, monthBefore(month), 'final'),
    vietnamese(figure(horizon, place, n, month, 'estimate')),
  ]);
  const [year, number] = month.split('-');
  const group: readonly Cell[] = [null, null, `Tháng ${number ?? ''}/${year ?? ''}`, null];
  const last = columnName(header.length - 1);
  return workbook([
    {
      name: 'Biểu',
      rows: [[kind.title], [kind.unit], group, header, ['A', 'B', 1, 2], ...rows],
      merged: [`A1:${last}1`, `C3:${last}3`],
    },
  ]);
}

/** An estimate misses by up to four hundredths. */
function figure(
  { seed }: Horizon,
  kind: number,
  item: number,
  month: string,
  stage: FormFigure['stage'],
): number {
  const key = Number(month.replace('-', ''));
  const actual = 4000 + (hash(seed, FORMS, kind * 10 + item, key) % 40_000) / 10;
  const error = (hash(seed, FORMS + 1, kind * 10 + item, key) % 81) / 1000 - 0.04;
  return Math.round((stage === 'final' ? actual : actual * (1 + error)) * 10) / 10;
}

/** Officials write numbers as text, too: `4.512,5`. */
function vietnamese(value: number): string {
  const [whole = '', part = '0'] = value.toFixed(1).split('.');
  return `${whole.replaceAll(/\B(?=(\d{3})+$)/g, '.')},${part}`;
}

function months({ lastDay }: Horizon): readonly string[] {
  const last = isoDay(lastDay).slice(0, 7);
  const all = [last];
  while (all.length < MONTHS) all.unshift(monthBefore(at(all, 0)));
  return all;
}

function monthBefore(month: string): string {
  const [year, number] = month.split('-').map(Number);
  const count = (year ?? 0) * 12 + (number ?? 1) - 2;
  return `${String(Math.floor(count / 12))}-${String((count % 12) + 1).padStart(2, '0')}`;
}
