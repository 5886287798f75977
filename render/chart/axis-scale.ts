import type { Language } from '../../core/localized.ts';
import type { Axis, Chart } from '../document.ts';
import { openValue } from '../figure-text.ts';
import { formatNumber } from '../number-format.ts';

/** A value axis: limits on whole steps, so that its labels can be declared before drawing. */
export interface AxisScale {
  readonly min: number;
  readonly max: number;
  readonly interval: number;
}

const INTERVALS = 5;
const NICE_STEPS = [1, 2, 2.5, 5, 10];

/** The scale that holds every value and zero; an axis without values runs from 0 to 5 steps. */
export function axisScale(values: readonly number[], decimals: number): AxisScale {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const interval = niceStep((high - low) / INTERVALS, 10 ** -decimals);
  const min = Math.floor(low / interval) * interval;
  return { min, max: Math.max(Math.ceil(high / interval), 1) * interval, interval };
}

/** The smallest of 1, 2, 2.5, 5 × a power of ten that is at least `least` and prints exactly. */
function niceStep(least: number, smallest: number): number {
  if (least <= smallest) return smallest;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = NICE_STEPS.map((nice) => nice * power).find(
    (candidate) => candidate >= least * (1 - 1e-9) && isMultiple(candidate, smallest),
  );
  return step ?? 10 * power;
}

function isMultiple(step: number, unit: number): boolean {
  return Math.abs(step / unit - Math.round(step / unit)) < 1e-9;
}

/** The scale of one side of a chart. */
export function chartScale(chart: Chart, side: 'left' | 'right'): AxisScale {
  const axis = side === 'left' ? chart.left : chart.right;
  const values = chart.series
    .filter((series) => series.axis === side)
    .flatMap((series) => series.points.map(openValue))
    .flatMap((value) => (value === null ? [] : [Number(value)]));
  return axisScale(values, axis?.decimals ?? 0);
}

/** A tick as printed. */
export function tickLabel(value: number, axis: Axis, language: Language): string {
  return formatNumber(value.toFixed(axis.decimals), { decimals: axis.decimals }, language);
}

/** All tick labels of a chart: the only numbers it prints beside its categories. */
export function tickLabels(chart: Chart, language: Language): readonly string[] {
  return (['left', 'right'] as const).flatMap((side) => {
    const axis = side === 'left' ? chart.left : chart.right;
    if (!axis) return [];
    const { min, max, interval } = chartScale(chart, side);
    const steps = Math.round((max - min) / interval);
    return Array.from({ length: steps + 1 }, (_, step) =>
      tickLabel(min + step * interval, axis, language),
    );
  });
}
