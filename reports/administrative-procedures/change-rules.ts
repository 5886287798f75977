import type { Localized } from '../../core/localized.ts';
import { literal } from '../../core/sql-text.ts';
import {
  aggregateRule,
  type FigureRule,
  type FigureTerm,
} from '../../transforms/catalog/figure-rule.ts';

const FACT = 'mart.dossier_period';

/** A count compared with that of the period before, by the name its figures begin with. */
export const COMPARED = ['received', 'online', 'resolved', 'late', 'open_late'] as const;
export type Compared = (typeof COMPARED)[number];

const WHAT: Readonly<Record<Compared, { readonly label: Localized; readonly where: string }>> = {
  received: { label: { vi: 'Tiếp nhận', en: 'Received' }, where: 'is_received' },
  online: {
    label: { vi: 'Tiếp nhận trực tuyến', en: 'Received online' },
    where: 'is_received and channel = 2',
  },
  resolved: { label: { vi: 'Đã giải quyết', en: 'Resolved' }, where: "state_at_end = 'resolved'" },
  late: {
    label: { vi: 'Đã giải quyết quá hạn', en: 'Resolved late' },
    where: "state_at_end = 'resolved' and outcome = 'late'",
  },
  open_late: {
    label: { vi: 'Đang giải quyết quá hạn', en: 'In progress beyond the deadline' },
    where: "state_at_end = 'in-progress' and not is_in_time",
  },
};

/** What a compared count is called. */
export function comparedLabel(what: Compared): Localized {
  return WHAT[what].label;
}

/** Rules of the city's figures in a period, in the one before, and how they changed. */
export function changeRules(period: string, previous: string): readonly FigureRule[] {
  return [
    ...COMPARED.flatMap((what) => comparison(what, period, previous)),
    rateRule('rate_now', period),
    rateRule('rate_before', previous),
    rateChange(period, previous),
  ];
}

function comparison(what: Compared, period: string, previous: string): readonly FigureRule[] {
  const { label, where } = WHAT[what];
  const now = countIn(period, where);
  const before = countIn(previous, where);
  const percent = { denominator: 'before', multiplier: 100, decimals: 1 };
  const formula = {
    vi: '(Kỳ này − kỳ trước) ÷ kỳ trước × 100',
    en: '(Now − before) ÷ before × 100',
  };
  const compared = { label, formula, fact: FACT, terms: { now, before }, quotient: percent };
  return [
    countRule(`${what}_now`, label, now),
    countRule(`${what}_before`, label, before),
    { ...compared, name: `${what}_change`, value: 'now - before' },
    { ...compared, name: `${what}_change_size`, value: 'abs(now - before)' },
  ];
}

function countRule(name: string, label: Localized, term: FigureTerm): FigureRule {
  const formula = { vi: `Số hồ sơ: ${label.vi}`, en: `Number of dossiers: ${label.en}` };
  return aggregateRule({ name, label, formula, fact: FACT, ...term });
}

function countIn(period: string, where: string): FigureTerm {
  return { aggregate: 'count(*)', where: `period_id = ${literal(period)} and ${where}` };
}

const RATE_LABEL: Localized = { vi: 'Tỷ lệ đúng hạn', en: 'On-time rate' };
const SOURCE = 'QĐ 766/QĐ-TTg, chỉ tiêu 2.1';

function rateRule(name: string, period: string): FigureRule {
  return {
    name,
    label: RATE_LABEL,
    formula: {
      vi: 'Hồ sơ đúng hạn hoặc còn trong hạn ÷ (kỳ trước chuyển sang + tiếp nhận) × 100',
      en: 'Dossiers in time ÷ (carried over + received) × 100',
    },
    fact: FACT,
    terms: {
      intime: countIn(period, 'in_numerator'),
      present: countIn(period, 'in_denominator'),
    },
    value: 'intime',
    quotient: { denominator: 'present', multiplier: 100, decimals: 2 },
    source: SOURCE,
  };
}

/** Difference of the two rates in percentage points, rounded once. */
function rateChange(period: string, previous: string): FigureRule {
  return {
    name: 'rate_change',
    label: { vi: 'Chênh lệch tỷ lệ đúng hạn', en: 'Change of the on-time rate' },
    formula: {
      vi: 'Tỷ lệ đúng hạn kỳ này − tỷ lệ đúng hạn kỳ trước, điểm phần trăm',
      en: 'On-time rate now − before, percentage points',
    },
    fact: FACT,
    terms: {
      now_intime: countIn(period, 'in_numerator'),
      now_present: countIn(period, 'in_denominator'),
      before_intime: countIn(previous, 'in_numerator'),
      before_present: countIn(previous, 'in_denominator'),
    },
    value: 'now_intime * before_present - before_intime * now_present',
    quotient: { denominator: 'now_present * before_present', multiplier: 100, decimals: 2 },
    source: SOURCE,
  };
}
