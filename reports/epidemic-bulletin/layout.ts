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

/** Summary, chart and map to sign, then the communes and the corrections as annexes. Pure. */
export function layOutBulletin(content: ReportContent, time: ReportTime): readonly Section[] {
  const names = namesOf(content);
  const communes = tableIn(content, 'communes');
  const corrections = tableIn(content, 'corrections');
  const map = incidenceMap(communes, names, time);
  const listed = listedCommunes(communes, names, time.language);
  const annexes = [
    annex(1, time, communeTable(communes, listed, names, time)),
    ...(corrections.rows.length > 0
      ? [annex(2, time, correctionTable(corrections, names, time))]
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
