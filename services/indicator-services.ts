import { parseArea } from '../core/area.ts';
import { asJson } from '../core/json-member.ts';
import type { JsonObject } from '../core/json.ts';
import type { PeriodCalendar } from '../core/period-calendar.ts';
import { formatPeriod } from '../core/period.ts';
import { seriesParts } from '../core/calendar-expression.ts';
import { localDateOf, VIETNAM_ZONE } from '../core/calendar-zone.ts';
import type { Clock } from '../core/clock.ts';
import type { ControlStore } from '../control/port.ts';
import type { HomeProfile } from '../core/home-profile.ts';
import type { Reference } from '../core/reference.ts';
import type { IndicatorServices } from './port.ts';
import { assetsInForce, knownSince } from '../transforms/catalog/assets-in-force.ts';
import type { Catalog } from '../transforms/catalog/catalog.ts';
import { evaluateIndicator, type IndicatorValue } from '../transforms/catalog/indicator-value.ts';
import { indicatorRule, type Indicator } from '../transforms/catalog/indicator.ts';
import type { FigureQuestion } from '../trace/trace-figure.ts';
import type { Warehouse } from '../warehouse/port.ts';
import { readAsOf } from './as-of.ts';
import { notFound } from './batch-services.ts';

/** What indicators work with. */
export interface IndicatorServiceDependencies {
  readonly store: ControlStore;
  readonly warehouse: Warehouse;
  readonly catalog: Catalog;
  readonly indicators: readonly Indicator[];
  readonly periods: PeriodCalendar;
  readonly clock: Clock;
  /** Builds whatever these facts read and is stale; throws fatal `facts-blocked`. */
  refresh(facts: readonly string[]): Promise<void>;
  profile(): Promise<HomeProfile>;
}

/** The indicator catalogue and its values. */
export function createIndicatorServices(deps: IndicatorServiceDependencies): IndicatorServices {
  return {
    list: () => Promise.resolve(deps.indicators.map(asJson)),
    show: (_call, code) => Promise.resolve(asJson(findIndicator(deps, code))),
    get: async (_call, code, options) => {
      const indicator = findIndicator(deps, code);
      const asOf = options.asOf === undefined ? undefined : readAsOf(options.asOf);
      if (asOf === undefined) await deps.refresh([indicator.fact]);
      const period = deps.periods.parse(options.period ?? newestPeriod(deps, indicator));
      const area = parseArea(options.area ?? (await deps.profile()).province);
      const periods = options.history === true ? lastTwelve(deps.periods, period) : [period];
      const values: JsonObject[] = [];
      for (const each of periods) {
        const value = await evaluateIndicator({
          warehouse: deps.warehouse,
          periods: deps.periods,
          indicator,
          period: each,
          area,
          ...(asOf === undefined
            ? {}
            : { options: { asOf, assets: await assetsInForce(deps.store, asOf) } }),
        });
        values.push(valueView(indicator, formatPeriod(each), area.code, value));
      }
      return { values };
    },
  };
}

/** The figure behind `indicator:<code>/<period>/<area>`, to be traced at the present. */
export async function indicatorQuestion(
  deps: IndicatorServiceDependencies,
  reference: Extract<Reference, { kind: 'indicator' }>,
): Promise<Omit<FigureQuestion, 'view' | 'from'>> {
  const indicator = findIndicator(deps, reference.code);
  await deps.refresh([indicator.fact]);
  const period = deps.periods.parse(reference.period);
  const value = await evaluateIndicator({
    warehouse: deps.warehouse,
    periods: deps.periods,
    indicator,
    period,
    area: parseArea(reference.area),
  });
  if (value.kind === 'not-comparable')
    throw notFound('số liệu so sánh được', 'comparable value', reference.code);
  const asOf = await knownSince(deps.store, deps.warehouse);
  return {
    ref: `indicator:${reference.code}/${reference.period}/${reference.area}`,
    rule: indicatorRule(indicator),
    filter: value.filter,
    printed: value.kind === 'value' ? value.value : null,
    asOf,
    assets: await assetsInForce(deps.store, asOf),
    provenanceOf: (asset) => deps.catalog.asset(asset)?.provenance,
  };
}

function findIndicator(deps: IndicatorServiceDependencies, code: string): Indicator {
  const indicator = deps.indicators.find((known) => known.code === code);
  if (!indicator) throw notFound('chỉ tiêu', 'indicator', code);
  return indicator;
}

function newestPeriod(deps: IndicatorServiceDependencies, indicator: Indicator): string {
  const [series = 'month'] = indicator.periods;
  const { kind, window } = seriesParts(series);
  const today = localDateOf(deps.clock.now(), VIETNAM_ZONE);
  const period = deps.periods.lastComplete(kind, today, window);
  return period ? formatPeriod(period) : today;
}

function lastTwelve(periods: PeriodCalendar, last: Parameters<PeriodCalendar['previous']>[0]) {
  const found = [last];
  for (
    let before = periods.previous(last);
    before && found.length < 12;
    before = periods.previous(before)
  ) {
    found.unshift(before);
  }
  return found;
}

function valueView(
  indicator: Indicator,
  period: string,
  area: string,
  value: IndicatorValue,
): JsonObject {
  return asJson({
    code: indicator.code,
    name: indicator.name,
    unit: indicator.unit,
    period,
    area,
    reference: `indicator:${indicator.code}/${period}/${area}`,
    ...value,
  });
}
