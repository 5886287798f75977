import type { Localized } from '../../core/localized.ts';
import type { Section } from '../../render/document.ts';
import { annex, closing } from '../layout/annex.ts';
import { tableIn } from '../layout/table-in.ts';
import type { ReportContent, ReportTime } from '../report.ts';
import { handlingTable } from './handling-table.ts';
import { listedGroups } from './listed-agencies.ts';
import { namesOf } from './names.ts';
import { scoreTable } from './score-table.ts';
import { summaryBlocks } from './summary.ts';

const HANDLING: Localized = {
  vi: 'Hồ sơ thủ tục hành chính theo cơ quan',
  en: 'Dossiers by agency',
};
const SCORES: Localized = {
  vi: 'Điểm phục vụ người dân, doanh nghiệp theo cơ quan',
  en: 'Points of service by agency',
};

/** One page for the leader to sign, then the two tables by agency as annexes. Pure. */
export function layOutProcedures(content: ReportContent, time: ReportTime): readonly Section[] {
  const { language } = time;
  const names = namesOf(content);
  const handling = tableIn(content, 'handling');
  const groups = listedGroups(handling, names, language);
  const scores = {
    scores: tableIn(content, 'scores'),
    ranks: tableIn(content, 'ranks'),
    weights: tableIn(content, 'weights'),
  };
  return [
    {
      orientation: 'portrait',
      blocks: [...summaryBlocks(tableIn(content, 'summary'), handling, time), closing(2, time)],
    },
    annex(1, HANDLING, time, handlingTable(handling, groups, time)),
    annex(2, SCORES, time, scoreTable(scores, names.scoreGroups, groups, time)),
  ];
}
