import { countryName, rowsOn } from '../covid/daily-file.ts';
import { editionOf } from '../covid/edition.ts';
import { communesOn, type Epidemic } from '../covid/epidemic.ts';
import { isoDay } from '../days.ts';
import type { Horizon } from '../horizon.ts';
import { daysBetween, plainCounts, type LedgerRange, type LedgerStream } from './stream.ts';

function visible(horizon: Horizon, { from, to }: LedgerRange): Generator<number> {
  return daysBetween(Math.max(from, horizon.firstDay), Math.min(to, horizon.lastDay));
}

function* dayRows(horizon: Horizon, epidemic: Epidemic, day: number): Generator<object> {
  const { version } = editionOf(horizon.seed, day, horizon.lastDay);
  for (const row of rowsOn(horizon, epidemic, day)) {
    yield {
      file_date: isoDay(day),
      commune_code: row.commune.code,
      commune_name: row.commune.name,
      province: row.province,
      country: countryName(day),
      confirmed: row.confirmed,
      deaths: row.deaths,
      recovered: row.recovered,
      active: row.active,
      last_update: row.lastUpdate,
      version,
    };
  }
}

/** `covid_daily`: by file day; late corrections are the republished files. */
export function covidDailyLedger(horizon: Horizon, epidemic: Epidemic): LedgerStream {
  return {
    *rows(range) {
      for (const day of visible(horizon, range)) yield* dayRows(horizon, epidemic, day);
    },
    counts(range) {
      const days = [...visible(horizon, range)];
      const rows = days.reduce((sum, day) => sum + communesOn(day).length, 0);
      const republished = days.filter(
        (day) => editionOf(horizon.seed, day, horizon.lastDay).version === 2,
      );
      return plainCounts(rows, republished.length);
    },
  };
}
