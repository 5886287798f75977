import type { Localized } from '../../core/localized.ts';
import type { Section } from '../../render/document.ts';
import { annex, closing } from '../layout/annex.ts';
import { tableIn } from '../layout/table-in.ts';
import type { ReportContent, ReportTime } from '../report.ts';
import { communeTable } from './commune-table.ts';
import { correctionTable } from './correction-table.ts';
import { incidenceMap } from './incidence-map.ts';
import { listedCommunes } from './listed-communes.ts';
import { namesOf } from './names.ts';
import { summaryBlocks } from './summary.ts';
import { weekChart } from './week-chart.ts';

const COMMUNES: Localized = {
  vi: 'Ca mắc, tử vong do COVID-19 theo địa bàn',
  en: 'COVID-19 cases and deaths by area',
};
const CORRECTIONS: Localized = {
  vi: 'Số liệu nguồn đính chính giảm',
  en: 'Figures that the source corrected downwards',
};

/** Summary, chart and map to sign, then the communes and the corrections as annexes. Pure. */
export function layOutBulletin(content: ReportContent, time: ReportTime): readonly Section[] {
  const names = namesOf(content);
  const communes = tableIn(content, 'communes');
  const corrections = tableIn(content, 'corrections');
  const map = incidenceMap(communes, names, time);
  const listed = listedCommunes(communes, names, time.language);
  const annexes = [
    annex(1, COMMUNES, time, communeTable(communes, listed, names, time)),
    ...(corrections.rows.length > 0
      ? [annex(2, CORRECTIONS, time, correctionTable(corrections, names, time))]
      : []),
  ];
  return [
    {
      orientation: 'portrait',
      blocks: [
        ...summaryBlocks(communes, names, time),
        weekChart(tableIn(content, 'weeks'), names, time),
        ...(map ? [map] : []),
        closing(annexes.length, time),
      ],
    },
    ...annexes,
  ];
}
