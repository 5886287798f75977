import type { Language } from '../../core/localized.ts';
import type { AreaMap, MapArea, MapClass } from '../../render/document.ts';
import { formatNumber } from '../../render/number-format.ts';
import { rowAt, type FigureTable } from '../../transforms/catalog/figure-table.ts';
import type { ReportTime } from '../report.ts';
import { bulletinFigure } from './figures.ts';
import { named } from './listed-communes.ts';
import type { BulletinNames } from './names.ts';

/** The communes coloured by incidence, or by cases where no population is known; undefined without any tile. */
export function incidenceMap(
  table: FigureTable,
  names: BulletinNames,
  time: ReportTime,
): AreaMap | undefined {
  const { language } = time;
  const tiles = names.tiles.filter(({ code }) => rowAt(table, [code]) !== undefined);
  if (tiles.length === 0) return undefined;
  const hasRates = tiles.some(({ code }) => bulletinFigure(table, [code], 'rate').value !== null);
  const rule = hasRates ? 'rate' : 'cases';
  const areas = tiles.map(({ code, column, row }): MapArea => ({
    code,
    shortName: named(code, names, language).shortName,
    figure: bulletinFigure(table, [code], rule),
    shape: { kind: 'tile', column, row },
  }));
  return {
    kind: 'map',
    id: 'incidence',
    ...words(hasRates, names, language),
    classes: classesOf(areas, language),
    areas,
  };
}

function words(
  hasRates: boolean,
  { tiles, populations, ratePer }: BulletinNames,
  language: Language,
): Pick<AreaMap, 'title' | 'legendTitle' | 'note'> {
  const per = formatNumber(String(ratePer), { decimals: 0 }, language);
  const labels = [...tiles, ...(hasRates ? populations : [])].map(({ label }) => label);
  const source = [...new Set(labels.filter((label) => label !== ''))].join('; ');
  const labelled = source === '' ? '' : ` (${source})`;
  if (language === 'en') {
    const what = hasRates ? `Incidence of the week per ${per}` : 'Cases of the week';
    return {
      title: `Figure 2. ${what}, by commune`,
      legendTitle: what,
      note: `Generated tile map: one square a commune, not its shape or true place${labelled}.`,
    };
  }
  const what = hasRates ? `Tỷ suất mắc trong tuần trên ${per} dân` : 'Số ca mắc trong tuần';
  return {
    title: `Hình 2. ${what}, theo xã, phường, đặc khu`,
    legendTitle: what,
    note: `Sơ đồ ô vuông sinh tự động: mỗi ô một xã, phường, đặc khu; không phải hình dạng, vị trí thật${labelled}.`,
  };
}

/** Classes above 0; with 0 and "more" the map has six shades at most. */
const STEPS = 4;
const NICE = [1, 2, 2.5, 5, 10];

function classesOf(areas: readonly MapArea[], language: Language): readonly MapClass[] {
  const highest = Math.max(0, ...areas.map(({ figure }) => Number(figure.value ?? 0)));
  // a downward correction can make a week negative
  const hasNegative = areas.some(({ figure }) => figure.value?.startsWith('-') === true);
  const step = niceStep(highest / (STEPS + 1));
  const limits = Array.from({ length: STEPS }, (_, index) => tidy(step * (index + 1)));
  const print = (limit: string) =>
    formatNumber(limit, { decimals: limit.split('.')[1]?.length ?? 0 }, language);
  const [over, to] = language === 'vi' ? ['trên', 'đến'] : ['over', 'to'];
  const bounded = limits.map((upTo, index): MapClass => {
    const below = index === 0 ? '0' : (limits[index - 1] ?? '0');
    return { label: `${over} ${print(below)} ${to} ${print(upTo)}`, upTo };
  });
  return [
    { label: hasNegative ? `${to} ${print('0')}` : print('0'), upTo: '0' },
    ...bounded,
    { label: `${over} ${print(limits.at(-1) ?? '0')}`, upTo: null },
  ];
}

function niceStep(least: number): number {
  if (least <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  return (NICE.find((nice) => nice * power >= least) ?? 10) * power;
}

/** A limit as decimal text without the dust of binary fractions. */
function tidy(limit: number): string {
  return String(Number(limit.toFixed(6)));
}
