import type { ReactNode } from 'react';
import { useSpeech } from '../language.tsx';
import { goTo } from '../router.tsx';
import { figureText, traceHref } from './figure-link.tsx';
import type { ChartBlock, Figure, Series } from './report-document.ts';

const width = 760;
const height = 320;
const margin = { left: 64, right: 56, top: 16, bottom: 44 };
const colors = ['#2f6f9f', '#c8102e', '#d9a55b', '#0f5c4c', '#7a5195', '#8a6d3b'];

/** Bars and lines over time; every point leads to its trace. */
export function ChartView(props: {
  readonly chart: ChartBlock;
  readonly reference: string;
}): ReactNode {
  const { chart, reference } = props;
  const left = scaleOf(chart.series.filter(({ axis }) => axis === 'left'));
  const right = scaleOf(chart.series.filter(({ axis }) => axis === 'right'));
  return (
    <figure className="chart">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={chart.title}>
        <Grid top={left} label={chart.left.label} side="left" />
        {chart.right && <Grid top={right} label={chart.right.label} side="right" />}
        <Categories names={chart.categories} />
        {chart.series.map((series, i) => (
          <SeriesView
            key={series.name}
            series={series}
            index={i}
            chart={chart}
            top={series.axis === 'left' ? left : right}
            reference={reference}
          />
        ))}
      </svg>
      <Legend series={chart.series} />
      <figcaption>
        <b>{chart.title}</b>
      </figcaption>
    </figure>
  );
}

/** Positions only, never printed: a float is good enough for where a point is drawn. */
function amountOf({ value, mark }: Figure): number | undefined {
  return value === null || (mark !== undefined && mark !== 'none' && mark !== 'zero')
    ? undefined
    : Number(value);
}

/** The round number above every value of these series. */
function scaleOf(series: readonly Series[]): number {
  const values = series.flatMap(({ points }) => points.map((point) => amountOf(point) ?? 0));
  const highest = Math.max(1, ...values);
  const unit = 10 ** Math.floor(Math.log10(highest));
  const steps = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
  return unit * (steps.find((step) => step * unit >= highest) ?? 10);
}

function x(index: number, count: number): number {
  return margin.left + ((index + 0.5) * (width - margin.left - margin.right)) / Math.max(1, count);
}

function y(amount: number, top: number): number {
  return (
    height - margin.bottom - (Math.max(0, amount) / top) * (height - margin.top - margin.bottom)
  );
}

function Grid(props: {
  readonly top: number;
  readonly label: string;
  readonly side: 'left' | 'right';
}): ReactNode {
  const { language } = useSpeech();
  const { top, label, side } = props;
  const at = side === 'left' ? margin.left - 8 : width - margin.right + 8;
  const format = new Intl.NumberFormat(language === 'vi' ? 'vi-VN' : 'en-GB', {
    maximumFractionDigits: 1,
  });
  return (
    <g className="axis">
      {[0, 0.25, 0.5, 0.75, 1].map((share) => (
        <g key={share}>
          {side === 'left' && (
            <line
              x1={margin.left}
              x2={width - margin.right}
              y1={y(top * share, top)}
              y2={y(top * share, top)}
            />
          )}
          <text x={at} y={y(top * share, top) + 4} textAnchor={side === 'left' ? 'end' : 'start'}>
            {format.format(top * share)}
          </text>
        </g>
      ))}
      <text
        x={side === 'left' ? margin.left : width - margin.right}
        y={height - 4}
        textAnchor={side === 'left' ? 'start' : 'end'}
        className="axis-label"
      >
        {label}
      </text>
    </g>
  );
}

/** Not more names than fit. */
function Categories({ names }: { readonly names: readonly string[] }): ReactNode {
  const every = Math.ceil(names.length / 12);
  return (
    <g className="axis">
      {names.map((name, i) =>
        i % every === 0 ? (
          <text
            key={name}
            x={x(i, names.length)}
            y={height - margin.bottom + 18}
            textAnchor="middle"
          >
            {name}
          </text>
        ) : null,
      )}
    </g>
  );
}

function SeriesView(props: {
  readonly series: Series;
  readonly index: number;
  readonly chart: ChartBlock;
  readonly top: number;
  readonly reference: string;
}): ReactNode {
  const { series, index, chart, top, reference } = props;
  const { language } = useSpeech();
  const color = colors[index % colors.length] ?? '#333';
  const bars = chart.series.filter(({ shape }) => shape === 'bar');
  const slot = (width - margin.left - margin.right) / Math.max(1, chart.categories.length);
  const barWidth = Math.max(1, (slot * 0.7) / Math.max(1, bars.length));
  const place = bars.indexOf(series);
  const points = series.points.flatMap((figure, i) => {
    const amount = amountOf(figure);
    return amount === undefined
      ? []
      : [{ figure, i, at: [x(i, chart.categories.length), y(amount, top)] as const }];
  });
  return (
    <g>
      {series.shape === 'line' && (
        <polyline
          points={points.map(({ at }) => at.join(',')).join(' ')}
          fill="none"
          stroke={color}
          strokeWidth={2}
        />
      )}
      {points.map(({ figure, i, at: [px, py] }) => (
        <g key={i} className="point" onClick={() => goTo(traceHref(reference, figure))}>
          <title>{`${chart.categories[i] ?? ''} · ${series.name}: ${figureText(figure, language)}`}</title>
          {series.shape === 'bar' ? (
            <rect
              x={px - (barWidth * bars.length) / 2 + place * barWidth}
              y={py}
              width={barWidth}
              height={Math.max(0, height - margin.bottom - py)}
              fill={color}
            />
          ) : (
            <circle cx={px} cy={py} r={points.length > 60 ? 2 : 4} fill={color} />
          )}
        </g>
      ))}
    </g>
  );
}

function Legend({ series }: { readonly series: readonly Series[] }): ReactNode {
  return (
    <div className="legend">
      {series.map(({ name }, i) => (
        <span key={name}>
          <i style={{ background: colors[i % colors.length] }} />
          {name}
        </span>
      ))}
    </div>
  );
}
