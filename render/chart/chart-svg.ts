import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent } from 'echarts/components';
import { init, setPlatformAPI, use, type EChartsCoreOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { Language } from '../../core/localized.ts';
import type { Axis, Chart, Series } from '../document.ts';
import { openValue } from '../figure-text.ts';
import { printableText, textWidth } from '../font/tinos.ts';
import { placeholderSvg } from '../svg-text.ts';
import { wordingIn } from '../wording.ts';
import { chartScale, tickLabel } from './axis-scale.ts';

use([BarChart, LineChart, GridComponent, LegendComponent, SVGRenderer]);

/** ECharts guesses widths without a canvas and takes every accented letter for a full em. */
setPlatformAPI({
  measureText: (text, font) => ({ width: textWidth(text, fontSizeOf(font)) }),
});

function fontSizeOf(font: string | undefined): number {
  return Number(/([\d.]+)px/.exec(font ?? '')?.[1] ?? 12);
}

const HEIGHT = 230;
const FONT_SIZE = 10;
const TEXT_STYLE = { fontFamily: 'Tinos', fontSize: FONT_SIZE, color: '#222222' };
/** Light bars with a dark edge under dark lines: told apart in black-and-white print too. */
const BAR_FILLS = ['#a9cbe8', '#e3e3e3', '#f5d0a9', '#c7e3c9'];
const BAR_EDGE = '#2b4a6b';
const LINE_COLOURS = ['#9c2f0a', '#1a1a1a', '#22543d', '#44337a'];
const LINE_TYPES = ['solid', 'dashed', 'dotted'];
const LINE_SYMBOLS = ['circle', 'rect', 'triangle', 'diamond'];

/**
 * Draws a chart as SVG. Its values are drawn, not printed: the only numbers in the picture are the
 * tick labels and the categories.
 * @param width in points
 */
export function chartSvg(chart: Chart, width: number, language: Language): string {
  const isEmpty = chart.series.every((series) => series.points.length === 0);
  if (isEmpty) return placeholderSvg(wordingIn(language).noValue, width);
  const instance = init(null, null, { renderer: 'svg', ssr: true, width, height: HEIGHT });
  try {
    instance.setOption(optionOf(chart, language));
    return withoutScreenParts(instance.renderToSVGString());
  } finally {
    instance.dispose();
  }
}

function optionOf(chart: Chart, language: Language): EChartsCoreOption {
  return {
    animation: false,
    textStyle: TEXT_STYLE,
    grid: { left: 12, right: 12, top: 30, bottom: 34, outerBoundsMode: 'same' },
    legend: { bottom: 0, textStyle: TEXT_STYLE, itemWidth: 18, itemHeight: 9 },
    xAxis: {
      type: 'category',
      data: chart.categories.map(printableText),
      axisLabel: { ...TEXT_STYLE, hideOverlap: true },
    },
    yAxis: [
      valueAxis(chart, chart.left, 'left', language),
      ...(chart.right ? [valueAxis(chart, chart.right, 'right', language)] : []),
    ],
    series: chart.series.map((series, index) =>
      seriesOption(series, ordinal(chart.series, series.shape, index)),
    ),
  };
}

function valueAxis(chart: Chart, axis: Axis, side: 'left' | 'right', language: Language): object {
  return {
    type: 'value',
    position: side,
    name: printableText(axis.label),
    nameTextStyle: { ...TEXT_STYLE, align: side },
    ...chartScale(chart, side),
    axisLine: { show: true },
    axisLabel: {
      ...TEXT_STYLE,
      formatter: (value: number) => tickLabel(value, axis, language),
    },
    splitLine: { show: side === 'left', lineStyle: { color: '#d7dbe0' } },
  };
}

/** Which of its shape a series is, from 0: bars and lines have each their own paints. */
function ordinal(all: readonly Series[], shape: Series['shape'], index: number): number {
  return all.slice(0, index).filter((series) => series.shape === shape).length;
}

function paintOf(shape: Series['shape'], ordinal: number): object {
  const pick = (choices: readonly string[]) => choices[ordinal % choices.length];
  if (shape === 'bar') {
    return { itemStyle: { color: pick(BAR_FILLS), borderColor: BAR_EDGE, borderWidth: 0.75 } };
  }
  return {
    symbol: pick(LINE_SYMBOLS),
    itemStyle: { color: pick(LINE_COLOURS) },
    lineStyle: { color: pick(LINE_COLOURS), type: pick(LINE_TYPES), width: 1.75 },
  };
}

function seriesOption(series: Series, ordinal: number): object {
  return {
    type: series.shape,
    ...paintOf(series.shape, ordinal),
    name: printableText(series.name),
    yAxisIndex: series.axis === 'left' ? 0 : 1,
    symbolSize: 5,
    data: series.points.map((point) => {
      const value = openValue(point);
      return value === null ? null : Number(value);
    }),
  };
}

/** Drops hover styles and process-wide counters: the same chart is the same text every time. */
function withoutScreenParts(svg: string): string {
  return svg
    .replace(/<style[\s\S]*?<\/style>/g, '')
    .replace(/ (class|ecmeta_\w+|pointer-events)="[^"]*"/g, '')
    .replace(/zr\d+-/g, 'chart-');
}
