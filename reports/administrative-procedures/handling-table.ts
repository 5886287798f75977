import { addDays } from '../../core/calendar-date.ts';
import type { Language, Localized } from '../../core/localized.ts';
import type { CheckLine, Figure, Inline, Row, Table, Window } from '../../render/document.ts';
import type { FigureTable } from '../../transforms/catalog/figure-table.ts';
import { addsUp, balances, checkLine } from '../layout/check-lines.ts';
import { COUNT, figureOf, RATE } from '../layout/figure-of.ts';
import { inlines } from '../layout/inlines.ts';
import { listColumns, memberRow, sumRow, type FigureColumn } from '../layout/listed-table.ts';
import type { ReportTime } from '../report.ts';
import type { ListedGroup } from './listed-agencies.ts';
import { agencyKeys, groupKey, TOTAL } from './row-keys.ts';

/** A column of biểu 1; its days are known once the period is. */
interface HandlingColumn extends Omit<FigureColumn, 'window' | 'unit'> {
  readonly window: 'before' | 'period' | 'end';
}

const RECEIVED: Localized = { vi: 'Tiếp nhận', en: 'Received' };
const RESOLVED: Localized = { vi: 'Đã giải quyết', en: 'Resolved' };
const OPEN: Localized = { vi: 'Đang giải quyết', en: 'In progress' };
const SUM: Localized = { vi: 'Tổng số', en: 'Total' };
const EARLY: Localized = { vi: 'Trước hạn', en: 'Early' };
const ON_TIME: Localized = { vi: 'Đúng hạn', en: 'On time' };
const LATE: Localized = { vi: 'Quá hạn', en: 'Late' };

const COLUMNS: readonly HandlingColumn[] = [
  column('carried', '1', 'before', { vi: 'Kỳ trước chuyển sang', en: 'Carried over' }),
  column('received', '2=3+4+5', 'period', SUM, RECEIVED),
  column('received_direct', '3', 'period', { vi: 'Trực tiếp', en: 'In person' }, RECEIVED),
  column('received_online', '4', 'period', { vi: 'Trực tuyến', en: 'Online' }, RECEIVED),
  column('received_post', '5', 'period', { vi: 'BCCI', en: 'Post' }, RECEIVED),
  column('resolved', '6=7+8+9', 'period', SUM, RESOLVED),
  column('resolved_early', '7', 'period', EARLY, RESOLVED),
  column('resolved_on_time', '8', 'period', ON_TIME, RESOLVED),
  column('resolved_late', '9', 'period', LATE, RESOLVED),
  column('open', '10=11+12', 'end', SUM, OPEN),
  column('open_in_time', '11', 'end', { vi: 'Trong hạn', en: 'In time' }, OPEN),
  column('open_late', '12', 'end', LATE, OPEN),
  column('paused', '13', 'end', { vi: 'Tạm dừng', en: 'Paused' }),
  column('ended', '14', 'period', { vi: 'Từ chối, rút', en: 'Refused, withdrawn' }),
  column('rate', '15', 'period', { vi: 'Tỷ lệ đúng hạn', en: 'On-time rate' }),
  column('resolved_rate', '16', 'period', {
    vi: 'Tỷ lệ đúng hạn của hồ sơ đã giải quyết',
    en: 'On-time rate of resolved dossiers',
  }),
  column('refused', '17', 'period', {
    vi: 'Từ chối tiếp nhận (tính riêng)',
    en: 'Refused at intake (apart)',
  }),
];

const RATES = new Set(['rate', 'resolved_rate']);
const COUNTS = COLUMNS.map(({ rule }) => rule).filter((rule) => !RATES.has(rule));

function column(
  rule: string,
  number: string,
  window: HandlingColumn['window'],
  label: Localized,
  group?: Localized,
): HandlingColumn {
  return { rule, number, window, label, ...(group ? { group } : {}) };
}

const TITLE: Localized = {
  vi: 'Biểu 1. Tình hình tiếp nhận, giải quyết hồ sơ thủ tục hành chính theo cơ quan',
  en: 'Table 1. Dossiers received and handled, by agency',
};
const AGENCY = { key: 'agency', label: { vi: 'Cơ quan', en: 'Agency' } } as const;
const UNIT: Localized = { vi: 'Đơn vị tính: hồ sơ', en: 'Unit: dossiers' };
const CITY_NAME: Localized = { vi: 'Toàn thành phố', en: 'The whole city' };

/** Biểu 1: every agency with what came in, what went out, what is left, and the checks that it adds up. */
export function handlingTable(
  table: FigureTable,
  groups: readonly ListedGroup[],
  time: ReportTime,
): Table {
  const { language } = time;
  return {
    kind: 'table',
    id: 'handling',
    title: TITLE[language],
    unitNote: UNIT[language],
    columns: listColumns(AGENCY, figureColumns(time), language),
    rows: [
      sumRow(TOTAL, CITY_NAME[language], figures(table, TOTAL)),
      ...groups.flatMap((group) => groupRows(table, group)),
    ],
    checks: checks(table, groups, language),
    notes: notes(table, language),
  };
}

function figureColumns(time: ReportTime): readonly FigureColumn[] {
  return COLUMNS.map(({ window, ...column }) => ({
    ...column,
    ...(RATES.has(column.rule) ? { unit: '%' } : {}),
    window: windowOf(window, time),
  }));
}

function windowOf(window: HandlingColumn['window'], { periods, period }: ReportTime): Window {
  const { from, to } = periods.window(period);
  if (window === 'period') return { from, to };
  const day = window === 'end' ? to : addDays(from, -1);
  return { from: day, to: day };
}

function groupRows(table: FigureTable, { group, heading, agencies }: ListedGroup): readonly Row[] {
  return [
    sumRow(groupKey(group), heading, figures(table, groupKey(group))),
    ...agencies.map((agency, index) => memberRow(index + 1, agency, figures(table, [agency.code]))),
  ];
}

function figures(table: FigureTable, key: readonly string[]): readonly Figure[] {
  return COLUMNS.map(({ rule }) => figureIn(table, key, rule));
}

const BARE_RATE = { ...RATE, format: { decimals: 2 } };

function figureIn(table: FigureTable, key: readonly string[], rule: string): Figure {
  return figureOf(table, key, rule, RATES.has(rule) ? BARE_RATE : COUNT);
}

const BALANCE = {
  left: ['carried', 'received'],
  right: ['resolved', 'open', 'paused', 'ended'],
} as const;
const NUMERATOR = {
  left: ['resolved_early', 'resolved_on_time', 'open_in_time', 'paused_in_time', 'ended_in_time'],
  right: ['in_time'],
} as const;

function checks(
  table: FigureTable,
  groups: readonly ListedGroup[],
  language: Language,
): readonly CheckLine[] {
  const everyRow = table.rows.map(({ key }) => key);
  const equation = (label: Localized, sides: Sides) =>
    checkLine({
      label: label[language],
      left: sides.left.map((rule) => figureIn(table, TOTAL, rule)),
      right: sides.right.map((rule) => figureIn(table, TOTAL, rule)),
      holds: balances(table, everyRow, sides.left, sides.right),
    });
  return [
    equation(
      {
        vi: 'Kỳ trước chuyển sang + tiếp nhận = đã giải quyết + đang giải quyết + tạm dừng + từ chối, rút (ở mọi dòng)',
        en: 'Carried over + received = resolved + in progress + paused + refused or withdrawn (in every row)',
      },
      BALANCE,
    ),
    agenciesCheck(table, groups, language),
    equation(
      {
        vi: 'Tử số của tỷ lệ đúng hạn: giải quyết trước hạn + đúng hạn + đang giải quyết trong hạn + tạm dừng còn hạn + từ chối, rút đúng hạn',
        en: 'Numerator of the on-time rate: resolved early + on time + in progress in time + paused in time + refused or withdrawn in time',
      },
      NUMERATOR,
    ),
  ];
}

interface Sides {
  readonly left: readonly string[];
  readonly right: readonly string[];
}

/** The city's row is counted apart from the agencies': all their columns must add up to it. */
function agenciesCheck(
  table: FigureTable,
  groups: readonly ListedGroup[],
  language: Language,
): CheckLine {
  const label = {
    vi: 'Cộng các cơ quan = toàn thành phố (cột 1 đến 14 và 17); tiếp nhận',
    en: 'Sum of the agencies = the whole city (columns 1 to 14 and 17); received',
  };
  const ofGroups = groups.every(({ group, agencies }) =>
    addsUp(
      table,
      agencies.map(({ code }) => [code]),
      groupKey(group),
      COUNTS,
    ),
  );
  return checkLine({
    label: label[language],
    left: groups.map(({ group }) => figureIn(table, groupKey(group), 'received')),
    right: [figureIn(table, TOTAL, 'received')],
    holds: ofGroups && addsUp(table, agencyKeys(table), TOTAL, COUNTS),
  });
}

function notes(table: FigureTable, language: Language): readonly (readonly Inline[])[] {
  const undated = figureIn(table, TOTAL, 'resolved_undated');
  if (language === 'en') {
    return [
      inlines`Column 15, on-time rate: dossiers ended in time or still inside their deadline, over carried over and received. Column 16, on-time rate of resolved dossiers: early and on time, over resolved.`,
      inlines`Column 17 is in no other column. Post: public postal service. A dash (—): denominator 0.`,
      inlines`Resolved dossiers without a due time: ${undated}; they are in column 6 only.`,
    ];
  }
  return [
    inlines`Cột 15, tỷ lệ đúng hạn: hồ sơ đã kết thúc đúng hạn hoặc còn trong hạn, chia cho kỳ trước chuyển sang và tiếp nhận (chỉ tiêu 2.1). Cột 16, tỷ lệ đúng hạn của hồ sơ đã giải quyết: trước hạn và đúng hạn, chia cho đã giải quyết.`,
    inlines`Cột 17 không tính vào cột nào khác. BCCI: bưu chính công ích. Dấu “—”: mẫu số bằng 0.`,
    inlines`Hồ sơ đã giải quyết nhưng không xác định được hạn trả: ${undated}; chỉ tính ở cột 6.`,
  ];
}
