import { formatPeriod } from '../../core/period.ts';
import type { Chart, Series } from '../../render/document.ts';
import type { FigureTable } from '../../transforms/catalog/figure-table.ts';
import type { ReportTime } from '../report.ts';
import { bulletinFigure } from './figures.ts';
import type { BulletinNames } from './names.ts';
import { chartWeeks, weekLabel } from './weeks.ts';

/** The city's cases week by week as bars, with the mean of the weeks before each as a line. */
export function weekChart(table: FigureTable, names: BulletinNames, time: ReportTime): Chart {
  const { language, period, periods } = time;
  const vi = language === 'vi';
  const weeks = chartWeeks(period, periods);
  const series = (name: string, shape: Series['shape'], rule: string): Series => ({
    name,
    shape,
    axis: 'left',
    points: weeks.map((week) => bulletinFigure(table, [formatPeriod(week)], rule)),
  });
  return {
    kind: 'chart',
    id: 'weeks',
    title: vi
      ? `Hình 1. Số ca mắc COVID-19 toàn thành phố trong ${weeks.length} tuần gần nhất`
      : `Figure 1. COVID-19 cases of the city in the last ${weeks.length} weeks`,
    categories: weeks.map(weekLabel),
    left: { label: vi ? 'Số ca mắc' : 'Cases', decimals: 0 },
    series: [
      series(vi ? 'Ca mắc trong tuần' : 'Cases of the week', 'bar', 'cases'),
      series(
        vi
          ? `Trung bình ${names.meanWeeks} tuần trước`
          : `Mean of the ${names.meanWeeks} weeks before`,
        'line',
        'mean',
      ),
    ],
  };
}
