import { dayOfMoment, utcMoment } from '../days.ts';
import type { Reading } from '../sensors/reading.ts';
import { plainCounts, type LedgerRange, type LedgerStream } from './stream.ts';

/** `sensor_readings`: what the brokers hold, by the day of the hour measured. */
export function sensorReadingLedger(book: () => readonly Reading[]): LedgerStream {
  const rows = ({ from, to }: LedgerRange) =>
    book()
      .filter((reading) => dayOfMoment(reading.from) >= from && dayOfMoment(reading.from) <= to)
      .map((reading) => ({
        point: reading.point,
        observed_from: utcMoment(reading.from),
        intensity: reading.intensity,
        occupancy: reading.occupancy,
        speed: reading.speed,
        no2: reading.no2,
        pm25: reading.pm25,
        is_cleaned: reading.isCleaned,
      }));
  return { rows, counts: (range) => plainCounts(rows(range).length) };
}
