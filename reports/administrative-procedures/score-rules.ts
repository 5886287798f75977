import { literal } from '../../core/sql-text.ts';
import { type FigureRule, type FigureTerm } from '../../transforms/catalog/figure-rule.ts';
import type { ScoreGroup } from './names.ts';

const SCORE = 'mart.dossier_score';
const RANK = 'mart.dossier_rank';
const WEIGHT = 'dim.score_weight';
const SOURCE = 'QĐ 766/QĐ-TTg';

/** Points of an agency: one column for each group of the index, then the sum and its share of the full marks. */
export function scoreRules(groups: readonly ScoreGroup[]): readonly FigureRule[] {
  return [...groups.map(groupRule), totalRule(), fullMarksRule(), shareRule()];
}

/** Name of the column of a group. */
export function groupColumn(group: ScoreGroup): string {
  return `points_${group.code}`;
}

function groupRule(group: ScoreGroup): FigureRule {
  const where = `group_code = ${literal(group.code)}`;
  return {
    name: groupColumn(group),
    label: { vi: group.name_vi, en: group.name_en },
    formula: {
      vi: 'Tổng điểm các chỉ tiêu có số liệu của nhóm',
      en: 'Sum of points over the indicators of the group that have data',
    },
    fact: SCORE,
    terms: { v: sumOf('points', where), n: { aggregate: 'count(*)', where } },
    value: 'case when n > 0 then v end',
    source: SOURCE,
  };
}

function totalRule(): FigureRule {
  return {
    name: 'points',
    label: { vi: 'Tổng điểm', en: 'Points' },
    formula: { vi: 'Tổng điểm các nhóm có số liệu', en: 'Sum over the groups that have data' },
    fact: SCORE,
    terms: { v: sumOf('points', 'true'), n: { aggregate: 'count(*)', where: 'true' } },
    value: 'case when n > 0 then v end',
    source: SOURCE,
  };
}

function fullMarksRule(): FigureRule {
  return {
    name: 'max_points',
    label: { vi: 'Điểm tối đa của chỉ tiêu có số liệu', en: 'Full marks of what has data' },
    formula: {
      vi: 'Tổng điểm tối đa của các chỉ tiêu có số liệu',
      en: 'Sum of full marks over the indicators that have data',
    },
    fact: SCORE,
    terms: { v: sumOf('max_points', 'true'), n: { aggregate: 'count(*)', where: 'true' } },
    value: 'case when n > 0 then v end',
    source: SOURCE,
  };
}

function shareRule(): FigureRule {
  return {
    name: 'share',
    label: { vi: 'Tỷ lệ điểm', en: 'Share of full marks' },
    formula: {
      vi: 'Tổng điểm ÷ điểm tối đa của chỉ tiêu có số liệu × 100',
      en: 'Points ÷ full marks of what has data × 100',
    },
    fact: SCORE,
    terms: { v: sumOf('points', 'true'), full: sumOf('max_points', 'true') },
    value: 'v',
    quotient: { denominator: 'full', multiplier: 100, decimals: 2 },
  };
}

/** Rank of an agency within its level, and how many places it rose since the period before. */
export function rankRules(previous: string): readonly FigureRule[] {
  return [
    {
      name: 'rank',
      label: { vi: 'Thứ hạng', en: 'Rank' },
      formula: {
        vi: '1 + số cơ quan cùng cấp có tỷ lệ điểm cao hơn',
        en: '1 + number of agencies of the level with a higher share',
      },
      fact: RANK,
      terms: {
        v: { aggregate: 'max(rank)', where: 'true' },
        n: { aggregate: 'count(*)', where: 'true' },
      },
      value: 'case when n > 0 then v end',
    },
    {
      name: 'rise',
      label: { vi: 'Tăng, giảm hạng', en: 'Places gained' },
      formula: { vi: 'Thứ hạng kỳ trước − thứ hạng kỳ này', en: 'Rank before − rank now' },
      fact: RANK,
      terms: {
        v: { aggregate: 'max(rank)', where: 'true' },
        before: { aggregate: 'max(previous_rank)', where: 'true' },
        n: { aggregate: 'count(previous_rank)', where: 'true' },
      },
      value: 'case when n > 0 then before - v end',
      // a rank rests on the scores of all agencies, of both periods
      provenance: [
        { asset: SCORE, on: {}, match: `s.period_id in (f.period_id, ${literal(previous)})` },
      ],
    },
  ];
}

/** Full marks of the groups as configured. */
export const weightRules: readonly FigureRule[] = [
  {
    name: 'points',
    label: { vi: 'Điểm tối đa', en: 'Full marks' },
    formula: { vi: 'Điểm tối đa theo cấu hình', en: 'Full marks as configured' },
    fact: WEIGHT,
    terms: { v: sumOf('points', 'true') },
    value: 'v',
    source: SOURCE,
  },
];

function sumOf(column: string, where: string): FigureTerm {
  return { aggregate: `sum(${column})`, where };
}
