import type { Localized } from '../../core/localized.ts';
import { aggregateRule, type FigureRule } from '../../transforms/catalog/figure-rule.ts';

const FACT = 'mart.dossier_period';
const INDEX = 'QĐ 766/QĐ-TTg, chỉ tiêu 2.1';

/** Columns of biểu 1, from left to right, and the parts that its check lines name. */
export const handlingRules: readonly FigureRule[] = [
  count('carried', 'Kỳ trước chuyển sang', 'Carried over', 'is_carried_over'),
  count('received', 'Tiếp nhận', 'Received', 'is_received'),
  count('received_direct', 'Trực tiếp', 'In person', 'is_received and channel = 1'),
  count('received_online', 'Trực tuyến', 'Online', 'is_received and channel = 2'),
  count('received_post', 'Bưu chính công ích', 'By post', 'is_received and channel = 3'),
  count('resolved', 'Đã giải quyết', 'Resolved', "state_at_end = 'resolved'"),
  resolved('resolved_early', 'Trước hạn', 'Early', "outcome = 'early'"),
  resolved('resolved_on_time', 'Đúng hạn', 'On time', "outcome = 'on-time'"),
  resolved('resolved_late', 'Quá hạn', 'Late', "outcome = 'late'"),
  resolved('resolved_undated', 'Không xác định được hạn', 'Without a due time', 'outcome is null'),
  count('open', 'Đang giải quyết', 'In progress', "state_at_end = 'in-progress'"),
  count(
    'open_in_time',
    'Trong hạn',
    'Inside the deadline',
    "state_at_end = 'in-progress' and is_in_time",
  ),
  count(
    'open_late',
    'Quá hạn',
    'Beyond the deadline',
    "state_at_end = 'in-progress' and not is_in_time",
  ),
  count('paused', 'Tạm dừng', 'Paused', "state_at_end = 'paused'"),
  count(
    'paused_in_time',
    'Tạm dừng còn hạn',
    'Paused in time',
    "state_at_end = 'paused' and is_in_time",
  ),
  count('ended', 'Từ chối, rút', 'Refused or withdrawn', "state_at_end = 'ended-without-result'"),
  count(
    'ended_in_time',
    'Từ chối, rút đúng hạn',
    'Ended in time',
    "state_at_end = 'ended-without-result' and is_in_time",
  ),
  count('in_time', 'Đúng hạn', 'In time', 'in_numerator'),
  {
    name: 'rate',
    fact: FACT,
    label: {
      vi: 'Tỷ lệ đúng hạn',
      en: 'On-time rate',
    },
    formula: {
      vi: 'Hồ sơ đã kết thúc đúng hạn hoặc còn trong hạn ÷ (kỳ trước chuyển sang + tiếp nhận) × 100',
      en: 'Dossiers ended in time or still inside their deadline ÷ (carried over + received) × 100',
    },
    terms: {
      intime: { aggregate: 'count(*)', where: 'in_numerator' },
      present: { aggregate: 'count(*)', where: 'in_denominator' },
    },
    value: 'intime',
    quotient: { denominator: 'present', multiplier: 100, decimals: 2 },
    source: INDEX,
  },
  {
    name: 'resolved_rate',
    fact: FACT,
    label: {
      vi: 'Tỷ lệ đúng hạn của hồ sơ đã giải quyết',
      en: 'On-time rate of resolved dossiers',
    },
    formula: {
      vi: '(Trước hạn + đúng hạn) ÷ đã giải quyết × 100',
      en: '(Early + on time) ÷ resolved × 100',
    },
    terms: {
      intime: {
        aggregate: 'count(*)',
        where: "state_at_end = 'resolved' and outcome in ('early', 'on-time')",
      },
      done: { aggregate: 'count(*)', where: "state_at_end = 'resolved'" },
    },
    value: 'intime',
    quotient: { denominator: 'done', multiplier: 100, decimals: 2 },
  },
  count(
    'refused',
    'Từ chối tiếp nhận (tính riêng)',
    'Refused at intake (apart)',
    'is_refused_at_intake',
  ),
];

function resolved(name: string, vi: string, en: string, where: string): FigureRule {
  return count(name, vi, en, `state_at_end = 'resolved' and ${where}`);
}

function count(name: string, vi: string, en: string, where: string): FigureRule {
  const label: Localized = { vi, en };
  const formula: Localized = { vi: `Số hồ sơ: ${vi}`, en: `Number of dossiers: ${en}` };
  return aggregateRule({ name, label, formula, fact: FACT, aggregate: 'count(*)', where });
}
