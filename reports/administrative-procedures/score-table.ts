import type { Language, Localized } from '../../core/localized.ts';
import type { Cell, CheckLine, Figure, Inline, Row, Table } from '../../render/document.ts';
import type { FigureTable } from '../../transforms/catalog/figure-table.ts';
import { addsUp, balances, checkLine } from '../layout/check-lines.ts';
import { COUNT, figureOf, valueAt, type FigureStyle } from '../layout/figure-of.ts';
import { inlines } from '../layout/inlines.ts';
import { listColumns, memberRow, sumRow, type FigureColumn } from '../layout/listed-table.ts';
import type { ReportTime } from '../report.ts';
import type { ListedGroup } from './listed-agencies.ts';
import type { ScoreGroup } from './names.ts';
import { CITY, TOTAL } from './row-keys.ts';
import { groupColumn } from './score-rules.ts';

/** The computed tables behind biểu 2. */
export interface ScoreTables {
  readonly scores: FigureTable;
  readonly ranks: FigureTable;
  readonly weights: FigureTable;
}

const TITLE: Localized = {
  vi: 'Biểu 2. Điểm theo Bộ chỉ số phục vụ người dân, doanh nghiệp',
  en: 'Table 2. Points by the index of service to citizens and enterprises',
};
const POINTS_OF: Localized = { vi: 'Điểm theo nhóm', en: 'Points by group' };
const FULL_MARKS: Localized = { vi: 'Điểm tối đa theo cấu hình', en: 'Full marks as configured' };
const AGENCY = { key: 'agency', label: { vi: 'Cơ quan', en: 'Agency' } } as const;
const CITY_NAME: Localized = { vi: 'Toàn thành phố', en: 'The whole city' };

const NOT_COLLECTED: FigureStyle = { format: { decimals: 2 }, whenNull: 'not-collected' };
const NO_DENOMINATOR: FigureStyle = { format: { decimals: 2 }, whenNull: 'no-denominator' };
const RANK: FigureStyle = { format: { decimals: 0 }, whenNull: 'no-denominator' };
const RISE: FigureStyle = { format: { decimals: 0, sign: true }, whenNull: 'no-event' };

/** Biểu 2: points of the five groups, those without data marked `…`, with the rank among agencies of one level. */
export function scoreTable(
  tables: ScoreTables,
  scoreGroups: readonly ScoreGroup[],
  groups: readonly ListedGroup[],
  time: ReportTime,
): Table {
  const { language } = time;
  const figures = (key: readonly string[]) => scoreFigures(tables, scoreGroups, key);
  return {
    kind: 'table',
    id: 'scores',
    title: TITLE[language],
    unitNote: language === 'vi' ? 'Đơn vị tính: điểm' : 'Unit: points',
    columns: listColumns(AGENCY, figureColumns(scoreGroups, time), language),
    rows: [
      weightRow(tables.weights, scoreGroups, language),
      sumRow(CITY, CITY_NAME[language], [...figures(CITY), EMPTY, EMPTY]),
      ...groups.flatMap(({ group, heading, agencies }): readonly Row[] => [
        { kind: 'group', key: group, label: heading },
        ...agencies.map((agency, index) => {
          const key = [agency.code];
          return memberRow(index + 1, agency, [...figures(key), ...rankFigures(tables, key)]);
        }),
      ]),
    ],
    checks: checks(tables, scoreGroups, language),
    notes: notes(language),
  };
}

const EMPTY: Cell = { kind: 'empty' };

function figureColumns(
  scoreGroups: readonly ScoreGroup[],
  { periods, period }: ReportTime,
): readonly FigureColumn[] {
  const window = periods.window(period);
  const last = scoreGroups.length;
  const column = (rule: string, number: string, vi: string, en: string): FigureColumn => ({
    rule,
    number,
    label: { vi, en },
    window,
  });
  return [
    ...scoreGroups.map((group, index) => ({
      ...column(groupColumn(group), `${index + 1}`, group.name_vi, group.name_en),
      group: POINTS_OF,
    })),
    column('points', `${last + 1}=1+…+${last}`, 'Tổng điểm', 'Points'),
    column(
      'max_points',
      `${last + 2}`,
      'Điểm tối đa của chỉ tiêu có số liệu',
      'Full marks of what has data',
    ),
    {
      ...column('share', `${last + 3}=${last + 1}/${last + 2}`, 'Tỷ lệ điểm', 'Share'),
      unit: '%',
    },
    column('rank', `${last + 4}`, 'Thứ hạng trong cấp', 'Rank in its level'),
    column('rise', `${last + 5}`, 'Tăng, giảm hạng', 'Places gained'),
  ];
}

function scoreFigures(
  { scores }: ScoreTables,
  scoreGroups: readonly ScoreGroup[],
  key: readonly string[],
): readonly Figure[] {
  const groupFigures = scoreGroups.map((group) => {
    const rule = groupColumn(group);
    const collected = valueAt(scores, CITY, rule) !== null;
    return figureOf(scores, key, rule, collected ? NO_DENOMINATOR : NOT_COLLECTED);
  });
  const sums = ['points', 'max_points', 'share'].map((rule) =>
    figureOf(scores, key, rule, NO_DENOMINATOR),
  );
  return [...groupFigures, ...sums];
}

function rankFigures({ ranks }: ScoreTables, key: readonly string[]): readonly Figure[] {
  return [figureOf(ranks, key, 'rank', RANK), figureOf(ranks, key, 'rise', RISE)];
}

function weightRow(
  weights: FigureTable,
  scoreGroups: readonly ScoreGroup[],
  language: Language,
): Row {
  const figures = [...scoreGroups.map(({ code }) => [code]), TOTAL].map((key) =>
    weight(weights, key),
  );
  return sumRow(['weights'], FULL_MARKS[language], [...figures, EMPTY, EMPTY, EMPTY, EMPTY]);
}

function weight(weights: FigureTable, key: readonly string[]): Figure {
  return figureOf(weights, key, 'points', COUNT);
}

function checks(
  { scores, weights }: ScoreTables,
  scoreGroups: readonly ScoreGroup[],
  language: Language,
): readonly CheckLine[] {
  const groupRules = scoreGroups.map(groupColumn);
  const collected = groupRules.filter((rule) => valueAt(scores, CITY, rule) !== null);
  const keys = scores.rows.map(({ key }) => key);
  const codes = scoreGroups.map(({ code }) => [code]);
  const points = (rule: string) => figureOf(scores, CITY, rule, NO_DENOMINATOR);
  const words = {
    weights: { vi: 'Tổng điểm tối đa các nhóm', en: 'Full marks of the groups' },
    points: {
      vi: 'Cộng điểm các nhóm có số liệu = tổng điểm (ở mọi dòng); toàn thành phố',
      en: 'Sum of the groups that have data = points (in every row); the whole city',
    },
  };
  return [
    checkLine({
      label: words.weights[language],
      left: codes.map((key) => weight(weights, key)),
      right: [weight(weights, TOTAL)],
      holds: addsUp(weights, codes, TOTAL, ['points']),
    }),
    ...(collected.length === 0
      ? []
      : [
          checkLine({
            label: words.points[language],
            left: collected.map(points),
            right: [points('points')],
            holds: balances(scores, keys, groupRules, ['points']),
          }),
        ]),
  ];
}

function notes(language: Language): readonly (readonly Inline[])[] {
  if (language === 'en') {
    return [
      inlines`A group marked “…” has no data in this home; it is in neither the points nor the full marks they are compared with.`,
      inlines`Points: full marks × ratio ÷ threshold, at most full marks; two decimals, half up. A dash (—): denominator 0. Agencies are ranked by share among those of their level; equal shares share a rank; + means places gained, “-” no rank before.`,
    ];
  }
  return [
    inlines`Nhóm ghi “…” chưa thu thập số liệu; không tính vào tổng điểm và không tính vào điểm tối đa đem so sánh.`,
    inlines`Điểm = điểm tối đa × tỷ lệ ÷ ngưỡng, không quá điểm tối đa; làm tròn hai chữ số thập phân. Dấu “—”: mẫu số bằng 0. Xếp hạng theo tỷ lệ điểm giữa các cơ quan cùng cấp; bằng tỷ lệ thì đồng hạng; dấu + là tăng hạng, “-” là không có hạng kỳ trước.`,
  ];
}
