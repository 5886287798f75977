import { boundariesOf, formatArea, type Area } from '../../core/area.ts';
import type { CalendarDate, DateRange } from '../../core/calendar-date.ts';
import { PhusaError } from '../../core/errors.ts';
import type { Localized } from '../../core/localized.ts';
import type { PeriodCalendar } from '../../core/period-calendar.ts';
import { formatPeriod, type Period } from '../../core/period.ts';
import type { SelectOptions, Warehouse } from '../../warehouse/port.ts';
import { literal } from '../../core/sql-text.ts';
import { figureAndTermsSql } from './figure-rule.ts';
import { indicatorRule, type Indicator } from './indicator.ts';
import { equalTo, within } from './predicate.ts';

/** What to evaluate and with what. */
export interface IndicatorRequest {
  readonly warehouse: Pick<Warehouse, 'select'>;
  readonly periods: PeriodCalendar;
  readonly indicator: Indicator;
  readonly period: Period;
  readonly area: Area;
  /** Overrides the area's own boundaries date (`--areas-as-of`). */
  readonly areasAsOf?: CalendarDate;
  /** As-of time and the SQL in force then. */
  readonly options?: Pick<SelectOptions, 'asOf' | 'assets'>;
}

/** A figure's parts, as exact decimal texts, and how to get them again. */
export interface IndicatorFigure {
  readonly numerator: string;
  /** Absent when the indicator has none. */
  readonly denominator: string | undefined;
  readonly window: DateRange;
  /** The SELECT that gave value and parts, literals in print. */
  readonly sql: string;
  readonly fact: string;
  /** Predicate of period and area. */
  readonly filter: string;
}

/** The outcome: a value, or why there is none. */
export type IndicatorValue =
  | ({ readonly kind: 'value'; readonly value: string } & IndicatorFigure)
  | ({ readonly kind: 'no-denominator' } & IndicatorFigure)
  | { readonly kind: 'not-comparable'; readonly reason: Localized };

/**
 * Evaluates an indicator for a period and an area, exactly. Throws data `area-not-offered` when the indicator is not
 * kept for that level of area.
 */
export async function evaluateIndicator(request: IndicatorRequest): Promise<IndicatorValue> {
  const window = request.periods.window(request.period);
  const place = await placeOf(request, window);
  if ('reason' in place) return { kind: 'not-comparable', reason: place.reason };
  const { indicator } = request;
  const filter = `${periodCondition(request, window)} and ${place.condition}`;
  const sql = figureAndTermsSql(indicatorRule(indicator), filter);
  const { rows } = await request.warehouse.select(sql, request.options);
  const [value = null, numerator, denominator] = rows[0] ?? [];
  const figure: IndicatorFigure = {
    numerator: String(numerator),
    denominator: indicator.denominator && String(denominator),
    window,
    sql,
    fact: indicator.fact,
    filter,
  };
  return value === null
    ? { kind: 'no-denominator', ...figure }
    : { kind: 'value', value: String(value), ...figure };
}

function periodCondition(request: IndicatorRequest, window: DateRange): string {
  const { period } = request.indicator.cut;
  return 'id' in period
    ? equalTo(period.id, formatPeriod(request.period))
    : within(period.day, window.from, window.to);
}

type Place = { readonly condition: string } | { readonly reason: Localized };

/** Cuts to the area: by today's map when its boundaries are meant, else by the codes of the time. */
async function placeOf(request: IndicatorRequest, window: DateRange): Promise<Place> {
  const { area, indicator } = request;
  const columns = indicator.cut[area.level];
  if (!columns) throw levelNotOffered(request);
  const boundaries = boundariesOf(area, window.to, request.areasAsOf);
  const changes = await mapChanges(request, boundaries, window);
  if (changes.later) return { reason: redrawn(area, boundaries) };
  if (changes.split) return { reason: divided(area) };
  const column = changes.newest ? columns.current : columns.own;
  return { condition: equalTo(column, area.code) };
}

interface MapChanges {
  /** The map changed after the boundaries meant and before the period's end: its events carry newer codes. */
  readonly later: boolean;
  /** A unit that was split without a stated share went into this area after the period began. */
  readonly split: boolean;
  /** No change after the boundaries meant: the newest map. */
  readonly newest: boolean;
}

async function mapChanges(
  request: IndicatorRequest,
  boundaries: CalendarDate,
  window: DateRange,
): Promise<MapChanges> {
  const { area } = request;
  const level = literal(area.level);
  const before = `valid_from > ${literal(window.from)} and valid_from <= ${literal(boundaries)}`;
  const { rows } = await request.warehouse.select(
    `select
  count(*) filter (where valid_from > ${literal(boundaries)} and valid_from <= ${literal(window.to)}) > 0 as later,
  count(*) filter (where new_code = ${literal(area.code)} and is_split and share is null and ${before}) > 0 as split,
  count(*) filter (where valid_from > ${literal(boundaries)}) = 0 as newest
from dim.area_crosswalk
where level = ${level}`,
    request.options,
  );
  const [later, split, newest] = rows[0] ?? [];
  return { later: later === true, split: split === true, newest: newest === true };
}

function redrawn(area: Area, boundaries: CalendarDate): Localized {
  return {
    vi: `Không so sánh được: địa giới đã thay đổi sau ngày ${boundaries} (${formatArea(area)})`,
    en: `Not comparable: boundaries changed after ${boundaries} (${formatArea(area)})`,
  };
}

function divided(area: Area): Localized {
  return {
    vi: `Không so sánh được: có đơn vị cũ bị chia tách vào ${area.code} mà chưa có tỷ trọng`,
    en: `Not comparable: a former unit was split into ${area.code} without a stated share`,
  };
}

function levelNotOffered({ area, indicator }: IndicatorRequest): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'area-not-offered',
    message: {
      vi: `Chỉ tiêu ${indicator.code} không có số liệu cho địa bàn ${formatArea(area)}`,
      en: `Indicator ${indicator.code} is not kept for area ${formatArea(area)}`,
    },
    remedy: {
      vi: 'Chọn cấp địa bàn khác (tỉnh 2 chữ số, xã 5 chữ số).',
      en: 'Choose another level (2-digit province, 5-digit commune).',
    },
    place: { value: formatArea(area) },
  });
}
