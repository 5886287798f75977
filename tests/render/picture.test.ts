import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisScale, tickLabels } from '../../render/chart/axis-scale.ts';
import { chartSvg } from '../../render/chart/chart-svg.ts';
import type { AreaMap, Chart } from '../../render/document.ts';
import { mapSvg } from '../../render/map/map-svg.ts';
import { figure, sampleChart, sampleMap } from './sample-document.ts';

const ROOM = { width: 460, height: 600 };

function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1] ?? '');
}

function chartOf(values: readonly string[]): Chart {
  return {
    ...sampleChart(),
    categories: values.map((_, index) => `T${index}`),
    series: [
      {
        name: 'Ca mắc',
        shape: 'line',
        axis: 'left',
        points: values.map((value, index) => figure(`c.r${index}.v`, value)),
      },
    ],
  };
}

describe('charts', () => {
  it('print no number beside ticks and categories, and every tick is declared', () => {
    const chart = sampleChart();
    const declared = new Set([...tickLabels(chart, 'vi'), ...chart.categories]);
    const printed = textsOf(chartSvg(chart, 460, 'vi')).filter((text) => /\d/.test(text));
    const undeclared = printed.filter((text) => !declared.has(text) && text !== chart.right?.label);
    expect(undeclared).toEqual([]);
    expect(tickLabels(chart, 'vi')).toContain('1.000');
    expect(tickLabels(chart, 'vi')).toContain('10,0');
  });

  it('E21 draw 0, 1 and 2,000 points', () => {
    expect(textsOf(chartSvg(chartOf([]), 460, 'vi'))).toEqual(['Không có số liệu']);
    expect(chartSvg(chartOf(['5']), 460, 'vi')).toContain('<path');
    const many = Array.from({ length: 2000 }, (_, index) => String(index));
    const svg = chartSvg(chartOf(many), 460, 'vi');
    expect(svg.length).toBeLessThan(2_000_000);
  });

  it('E19 are the same text every time and carry nothing for screens', () => {
    const first = chartSvg(sampleChart(), 460, 'vi');
    expect(chartSvg(sampleChart(), 460, 'vi')).toBe(first);
    expect(first).not.toMatch(/<style|ecmeta|zr\d/);
  });

  it('scale every axis so that values fit and steps print exactly', () => {
    const values = fc.array(fc.integer({ min: -1_000_000, max: 10_000_000 }), { maxLength: 30 });
    fc.assert(
      fc.property(values, fc.integer({ min: 0, max: 3 }), (numbers, decimals) => {
        const { min, max, interval } = axisScale(numbers, decimals);
        expect(numbers.every((value) => min <= value && value <= max)).toBe(true);
        const steps = (max - min) / interval;
        expect(Math.abs(steps - Math.round(steps))).toBeLessThan(1e-6);
        expect(Math.round(steps)).toBeLessThanOrEqual(12);
        const inUnits = interval * 10 ** decimals;
        expect(Math.abs(inUnits - Math.round(inUnits))).toBeLessThan(1e-6);
      }),
    );
  });
});

describe('maps', () => {
  it('draw a tile with its name for every area, and the legend', () => {
    const svg = mapSvg(sampleMap(), ROOM, 'vi');
    const texts = textsOf(svg);
    expect(svg.match(/<rect/g)).toHaveLength(114 + 5 + 1);
    expect(texts.filter((text) => text === 'Đồ Sơn').length).toBeGreaterThan(5);
    expect(texts).toContain('100 trở lên');
    expect(texts).toContain('Không có số liệu');
  });

  it('keep every name inside its square', () => {
    const svg = mapSvg(sampleMap(), ROOM, 'vi');
    const sizes = [...svg.matchAll(/font-size="([\d.]+)"/g)].map((match) => Number(match[1]));
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(5);
  });

  it('colour by exact comparison at the class limits', () => {
    const [area] = sampleMap().areas;
    const fillOf = (value: string): string => {
      const areas = area ? [{ ...area, figure: figure('m.r.c', value) }] : [];
      const svg = mapSvg({ ...sampleMap(), areas }, ROOM, 'vi');
      return /fill="(#\w+)"/.exec(svg)?.[1] ?? '';
    };
    expect(fillOf('9.000')).toBe(fillOf('1'));
    expect(fillOf('9.0000000000000000001')).toBe(fillOf('49'));
    expect(fillOf('9')).not.toBe(fillOf('10'));
  });

  it('draw GeoJSON rings where real boundaries are given', () => {
    const ring = [
      [106.5, 20.7],
      [106.9, 20.7],
      [106.9, 21.0],
      [106.5, 20.7],
    ] as const;
    const areas: AreaMap['areas'] = [
      {
        code: '1',
        shortName: 'A',
        figure: figure('m.1.v', '5'),
        shape: { kind: 'polygon', rings: [ring] },
      },
    ];
    const svg = mapSvg({ ...sampleMap(), areas }, ROOM, 'vi');
    expect(svg).toMatch(/<path d="M0\.00 [\d.]+L/);
    expect(svg).not.toContain('NaN');
  });

  it('E06 say so when there are no areas, and escape names', () => {
    const empty = mapSvg({ ...sampleMap(), areas: [] }, ROOM, 'vi');
    expect(textsOf(empty)).toEqual(['Không có số liệu']);
    const [area] = sampleMap().areas;
    const areas = area ? [{ ...area, shortName: '<script>&' }] : [];
    expect(mapSvg({ ...sampleMap(), areas }, ROOM, 'vi')).toContain('&lt;script&gt;&amp;');
  });
});
