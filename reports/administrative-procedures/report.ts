import { periodLabel } from '../../core/period-label.ts';
import { legalBasisLines } from '../layout/legal-bases.ts';
import { lowerFirst } from '../layout/letter-case.ts';
import type { Report } from '../report.ts';
import { computeProcedures } from './compute.ts';
import { layOutProcedures } from './layout.ts';
import { namesOf } from './names.ts';

/** The monthly report on administrative procedures (QĐ 766/QĐ-TTg, NĐ 118/2025/NĐ-CP), window 15→14. */
export const administrativeProcedures: Report = {
  name: 'administrative-procedures',
  version: '2',
  label: {
    vi: 'Báo cáo tình hình giải quyết thủ tục hành chính',
    en: 'Report on administrative procedures',
  },
  series: 'month@nd09',
  approval: 'none',
  // NĐ 09/2019/NĐ-CP: sent within two working days after the 14th
  schedule: { kind: 'after-period', period: 'month@nd09', workingDays: 2, at: '08:00' },
  facts: ['mart.dossier_period', 'mart.dossier_score', 'mart.dossier_rank'],
  legalBasis: (content, time) => legalBasisLines(namesOf(content).legalBases, time.language),
  subject: ({ period, periods, language }) => {
    const label = periodLabel(period, periods)[language];
    return language === 'vi'
      ? `Tình hình tiếp nhận, giải quyết hồ sơ thủ tục hành chính ${lowerFirst(label)}`
      : `Administrative procedures received and handled, ${label}`;
  },
  compute: computeProcedures,
  layout: layOutProcedures,
};
