import type { Language, Localized } from '../../core/localized.ts';
import type { Block, Inline, Row, Table } from '../../render/document.ts';
import type { FigureTable } from '../../transforms/catalog/figure-table.ts';
import { COUNT, figureOf, isZero, RATE, valueAt, type FigureStyle } from '../layout/figure-of.ts';
import { inlines, text } from '../layout/inlines.ts';
import type { ReportTime } from '../report.ts';
import { COMPARED, comparedLabel, type Compared } from './change-rules.ts';
import { TOTAL } from './row-keys.ts';

const SIZE: FigureStyle = {
  format: { decimals: 1, unit: 'percent' },
  whenNull: 'no-denominator',
};
const CHANGE: FigureStyle = {
  format: { decimals: 1, unit: 'percent', sign: true },
  whenNull: 'no-denominator',
};
const RATE_CHANGE: FigureStyle = {
  format: { decimals: 2, unit: 'percentage-point', sign: true },
  whenNull: 'no-denominator',
};

/** What a leader reads first: the city's figures of the period and how they compare with the period before. */
export function summaryBlocks(
  summary: FigureTable,
  handling: FigureTable,
  time: ReportTime,
): readonly Block[] {
  const { language } = time;
  const sentences = language === 'vi' ? vietnamese(summary, handling) : english(summary, handling);
  return [
    ...sentences.map((words): Block => ({ kind: 'paragraph', inlines: words })),
    comparisonTable(summary, time),
  ];
}

function vietnamese(summary: FigureTable, handling: FigureTable): readonly (readonly Inline[])[] {
  const at = (rule: string, style = COUNT) => figureOf(handling, TOTAL, rule, style);
  const city = (rule: string, style = COUNT) => figureOf(summary, TOTAL, rule, style);
  return [
    inlines`Trong kỳ, toàn thành phố tiếp nhận ${city('received_now')} hồ sơ thủ tục hành chính, `.concat(
      changeWords(summary, 'received', 'vi'),
      inlines`; trong đó ${at('received_online')} hồ sơ trực tuyến, ${at('received_direct')} hồ sơ trực tiếp và ${at('received_post')} hồ sơ qua bưu chính công ích. Kỳ trước chuyển sang ${at('carried')} hồ sơ.`,
    ),
    inlines`Đã giải quyết ${city('resolved_now')} hồ sơ, `.concat(
      changeWords(summary, 'resolved', 'vi'),
      inlines`; trong đó ${at('resolved_early')} hồ sơ trước hạn, ${at('resolved_on_time')} hồ sơ đúng hạn và ${at('resolved_late')} hồ sơ quá hạn. Đang giải quyết ${at('open')} hồ sơ, trong đó ${at('open_late')} hồ sơ quá hạn; tạm dừng ${at('paused')} hồ sơ; từ chối, rút ${at('ended')} hồ sơ.`,
    ),
    inlines`Tỷ lệ đúng hạn đạt ${city('rate_now', RATE)} (kỳ trước ${city('rate_before', RATE)}); tỷ lệ đúng hạn của hồ sơ đã giải quyết đạt ${at('resolved_rate', RATE)}. Tính riêng, có ${at('refused')} hồ sơ bị từ chối tiếp nhận.`,
  ];
}

function english(summary: FigureTable, handling: FigureTable): readonly (readonly Inline[])[] {
  const at = (rule: string, style = COUNT) => figureOf(handling, TOTAL, rule, style);
  const city = (rule: string, style = COUNT) => figureOf(summary, TOTAL, rule, style);
  return [
    inlines`In the period the city received ${city('received_now')} dossiers, `.concat(
      changeWords(summary, 'received', 'en'),
      inlines`; ${at('received_online')} of them online, ${at('received_direct')} in person and ${at('received_post')} by post. ${at('carried')} were carried over.`,
    ),
    inlines`${city('resolved_now')} dossiers were resolved, `.concat(
      changeWords(summary, 'resolved', 'en'),
      inlines`; ${at('resolved_early')} of them early, ${at('resolved_on_time')} on time and ${at('resolved_late')} late. ${at('open')} are in progress, ${at('open_late')} of them beyond the deadline; ${at('paused')} are paused; ${at('ended')} were refused or withdrawn.`,
    ),
    inlines`The on-time rate is ${city('rate_now', RATE)} (before: ${city('rate_before', RATE)}); the on-time rate of resolved dossiers is ${at('resolved_rate', RATE)}. Apart from these, ${at('refused')} were refused at intake.`,
  ];
}

/** `tăng 5,3% so với kỳ trước (1.234 hồ sơ)`: the word is chosen by the sign, the figure is without one. */
function changeWords(summary: FigureTable, what: Compared, language: Language): readonly Inline[] {
  const before = figureOf(summary, TOTAL, `${what}_before`, COUNT);
  const change = valueAt(summary, TOTAL, `${what}_change`);
  const size = figureOf(summary, TOTAL, `${what}_change_size`, SIZE);
  if (change === null) {
    return language === 'vi'
      ? inlines`kỳ trước ${before} hồ sơ`
      : inlines`${before} in the period before`;
  }
  if (isZero(change)) {
    return language === 'vi'
      ? inlines`tương đương kỳ trước (${before} hồ sơ)`
      : inlines`about as many as in the period before (${before})`;
  }
  const fell = change.startsWith('-');
  return language === 'vi'
    ? inlines`${fell ? 'giảm' : 'tăng'} ${size} so với kỳ trước (${before} hồ sơ)`
    : inlines`${size} ${fell ? 'fewer' : 'more'} than in the period before (${before})`;
}

const TABLE_TITLE: Localized = {
  vi: 'Một số chỉ tiêu so với kỳ trước',
  en: 'Some figures compared with the period before',
};

function comparisonTable(summary: FigureTable, time: ReportTime): Table {
  const { language, periods, period } = time;
  const say = (vi: string, en: string) => (language === 'vi' ? vi : en);
  const previous = periods.previous(period);
  const window = periods.window(period);
  const before = previous ? periods.window(previous) : window;
  return {
    kind: 'table',
    id: 'summary',
    title: TABLE_TITLE[language],
    columns: [
      { key: 'what', label: say('Chỉ tiêu', 'Figure'), number: 'A', align: 'left' },
      { key: 'unit', label: say('Đơn vị tính', 'Unit'), number: 'B', align: 'center' },
      { key: 'now', label: say('Kỳ này', 'Now'), number: '1', window, align: 'right' },
      {
        key: 'before',
        label: say('Kỳ trước', 'Before'),
        number: '2',
        window: before,
        align: 'right',
      },
      {
        key: 'change',
        label: say('So với kỳ trước', 'Change'),
        number: '3=(1-2)/2',
        align: 'right',
      },
    ],
    rows: [
      ...COMPARED.map((what) => comparisonRow(summary, what, language)),
      rateRow(summary, language),
    ],
  };
}

function comparisonRow(summary: FigureTable, what: Compared, language: Language): Row {
  const at = (suffix: string, style: FigureStyle) =>
    figureOf(summary, TOTAL, `${what}_${suffix}`, style);
  return {
    kind: 'data',
    key: what,
    cells: [
      text(comparedLabel(what)[language]),
      text(language === 'vi' ? 'hồ sơ' : 'dossiers'),
      at('now', COUNT),
      at('before', COUNT),
      at('change', CHANGE),
    ],
  };
}

function rateRow(summary: FigureTable, language: Language): Row {
  const bare: FigureStyle = { ...RATE, format: { decimals: 2 } };
  const at = (rule: string, style: FigureStyle) => figureOf(summary, TOTAL, rule, style);
  return {
    kind: 'data',
    key: 'rate',
    cells: [
      text(language === 'vi' ? 'Tỷ lệ đúng hạn' : 'On-time rate'),
      text('%'),
      at('rate_now', bare),
      at('rate_before', bare),
      at('rate_change', RATE_CHANGE),
    ],
  };
}
