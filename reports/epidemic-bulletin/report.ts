import { periodLabel } from '../../core/period-label.ts';
import { legalBasisLines } from '../layout/legal-bases.ts';
import { lowerFirst } from '../layout/letter-case.ts';
import type { Report } from '../report.ts';
import { computeBulletin } from './compute.ts';
import { layOutBulletin } from './layout.ts';
import { namesOf } from './names.ts';

/** The weekly COVID-19 bulletin by commune (TT 15/2026/TT-BYT), ISO weeks from Monday to Sunday. */
export const epidemicBulletin: Report = {
  name: 'epidemic-bulletin',
  version: '2',
  label: { vi: 'Bản tin dịch bệnh hằng tuần', en: 'Weekly epidemic bulletin' },
  series: 'week',
  approval: 'none',
  schedule: { kind: 'weekly', weekday: 1, at: '09:00' },
  facts: ['mart.epidemic_week', 'staging.covid_daily'],
  legalBasis: (content, time) => legalBasisLines(namesOf(content).legalBases, time.language),
  subject: ({ period, periods, language }) => {
    const label = periodLabel(period, periods)[language];
    return language === 'vi'
      ? `Tình hình dịch COVID-19 ${lowerFirst(label)}`
      : `COVID-19, ${label}`;
  },
  compute: computeBulletin,
  layout: layOutBulletin,
};
