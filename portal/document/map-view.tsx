import type { ReactNode } from 'react';
import { useSpeech } from '../language.tsx';
import { goTo } from '../router.tsx';
import { figureText, traceHref } from './figure-link.tsx';
import type { MapArea, MapBlock } from './report-document.ts';

const colors = ['#fff3dc', '#fbd9a0', '#f5b461', '#e88a34', '#cf5b1b', '#a23312', '#6d1b0c'];
const blank = '#e5e7eb';
/** Side of a tile in drawing units. */
const tile = 56;

/** Areas coloured by class; every area leads to its figure's trace. */
export function MapView(props: { readonly map: MapBlock; readonly reference: string }): ReactNode {
  const { map, reference } = props;
  const { language } = useSpeech();
  const box = boundsOf(map.areas);
  return (
    <figure className="map">
      <svg
        viewBox={box}
        role="img"
        aria-label={map.title}
        style={{ maxWidth: widestOf(map.areas) }}
      >
        {map.areas.map((area) => (
          <g
            key={area.code}
            className="point"
            onClick={() => goTo(traceHref(reference, area.figure))}
          >
            <title>{`${area.shortName}: ${figureText(area.figure, language)}`}</title>
            <AreaShape area={area} fill={colorOf(area, map)} />
          </g>
        ))}
      </svg>
      <div className="legend">
        <b>{map.legendTitle}:</b>
        {map.classes.map(({ label }, i) => (
          <span key={label}>
            <i style={{ background: colorAt(i, map.classes.length) }} />
            {label}
          </span>
        ))}
      </div>
      <figcaption>
        <b>{map.title}</b>
        <i>{map.note}</i>
      </figcaption>
    </figure>
  );
}

function AreaShape({ area, fill }: { readonly area: MapArea; readonly fill: string }): ReactNode {
  const { shape } = area;
  if (shape.kind === 'polygon') {
    const path = shape.rings.map((ring) => `M${ring.map(([x, y]) => `${x},${-y}`).join('L')}Z`);
    return <path d={path.join('')} fill={fill} fillRule="evenodd" className="area" />;
  }
  const [x, y] = [shape.column * tile, shape.row * tile];
  return (
    <>
      <rect
        x={x + 1}
        y={y + 1}
        width={tile - 2}
        height={tile - 2}
        fill={fill}
        rx={3}
        className="area"
      />
      <text
        x={x + tile / 2}
        y={y + tile / 2 + 3}
        textAnchor="middle"
        className={isDark(fill) ? 'on-dark' : ''}
      >
        {shorten(area.shortName)}
      </text>
    </>
  );
}

/** The class of a value: the first whose upper limit is not below it. */
function colorOf({ figure }: MapArea, { classes }: MapBlock): string {
  if (figure.value === null) return blank;
  const value = Number(figure.value);
  const index = classes.findIndex(({ upTo }) => upTo === null || value <= Number(upTo));
  return index < 0 ? blank : colorAt(index, classes.length);
}

function colorAt(index: number, count: number): string {
  const step = count > 1 ? Math.round((index * (colors.length - 1)) / (count - 1)) : 0;
  return colors[step] ?? blank;
}

function isDark(color: string): boolean {
  return colors.indexOf(color) >= 4;
}

/** Tiles keep their size however few they are; real shapes take the page's width. */
function widestOf(areas: readonly MapArea[]): number | undefined {
  const columns = areas.map(({ shape }) => (shape.kind === 'tile' ? shape.column + 1 : 0));
  const most = Math.max(0, ...columns);
  return most === 0 ? undefined : most * tile * 1.5;
}

function shorten(name: string): string {
  return name.length > 9 ? `${name.slice(0, 8)}…` : name;
}

function boundsOf(areas: readonly MapArea[]): string {
  const points = areas.flatMap(({ shape }) =>
    shape.kind === 'tile'
      ? [
          [shape.column * tile, shape.row * tile],
          [(shape.column + 1) * tile, (shape.row + 1) * tile],
        ]
      : shape.rings.flatMap((ring) => ring.map(([x, y]) => [x, -y])),
  );
  const range = (axis: 0 | 1): readonly [number, number] =>
    points.reduce<readonly [number, number]>(
      ([low, high], point) => [Math.min(low, point[axis] ?? 0), Math.max(high, point[axis] ?? 0)],
      [Infinity, -Infinity],
    );
  const [left, right] = range(0);
  const [top, bottom] = range(1);
  return points.length === 0 ? '0 0 1 1' : `${left} ${top} ${right - left} ${bottom - top}`;
}
