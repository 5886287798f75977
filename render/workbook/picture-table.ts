import type { Language } from '../../core/localized.ts';
import type { AreaMap, Cell, Chart, Column, Table } from '../document.ts';
import { wordingIn } from '../wording.ts';

/** The values behind a chart as a table: a workbook shows the numbers, not the picture. */
export function chartTable(chart: Chart, language: Language): Table {
  const category: Column = { key: 'category', label: wordingIn(language).category };
  const columns = chart.series.map((series, index): Column => {
    return { key: `s${index}`, label: series.name, align: 'right' };
  });
  return {
    kind: 'table',
    id: chart.id,
    title: chart.title,
    columns: [category, ...columns],
    rows: chart.categories.map((text, index) => ({
      kind: 'data',
      key: text,
      cells: [
        { kind: 'text', text },
        ...chart.series.map(({ points }): Cell => points[index] ?? { kind: 'empty' }),
      ],
    })),
  };
}

/** The values behind a map as a table. */
export function mapTable(map: AreaMap, language: Language): Table {
  const words = wordingIn(language);
  return {
    kind: 'table',
    id: map.id,
    title: map.title,
    columns: [
      { key: 'code', label: words.areaCode },
      { key: 'name', label: words.areaName },
      { key: 'value', label: map.legendTitle, align: 'right' },
    ],
    rows: map.areas.map(({ code, shortName, figure }) => ({
      kind: 'data',
      key: code,
      cells: [{ kind: 'text', text: code }, { kind: 'text', text: shortName }, figure],
    })),
    notes: [[{ kind: 'text', text: map.note }]],
  };
}
