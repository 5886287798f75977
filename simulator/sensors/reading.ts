import { momentOf } from '../days.ts';
import { Dice, STREAM } from '../random.ts';

/** What a point of measuring gives for one hour. Moments are local seconds. */
export type Reading = {
  readonly point: string;
  readonly road: string;
  readonly longitude: number;
  readonly latitude: number;
  readonly from: number;
  readonly to: number;
  /** When the broker learnt of it: some come hours late. */
  readonly changedAt: number;
  /** Vehicles in the hour. */
  readonly intensity: number;
  /** Share of the time in which the loop is covered, 0 to 1. */
  readonly occupancy: number;
  /** km/h. */
  readonly speed: number;
  /** Micrograms in a cubic metre. */
  readonly no2: number;
  readonly pm25: number;
  /** The dust meter is being cleaned and gives a word. */
  readonly isCleaned: boolean;
};

const ROADS = ['Lạch Tray', 'Lê Hồng Phong', 'Nguyễn Bỉnh Khiêm', 'Trần Nguyên Hãn'] as const;

/** Readings of a day: four points, every hour. */
export function readingsOf(seed: number, day: number): readonly Reading[] {
  return ROADS.flatMap((road, point) =>
    Array.from({ length: 24 }, (_, hour) => readingOf(seed, day, point, road, hour)),
  );
}

function readingOf(seed: number, day: number, point: number, road: string, hour: number): Reading {
  const dice = new Dice(seed, STREAM.sensor, day * 100 + point, hour);
  const from = momentOf(day, hour);
  const busy = hour >= 7 && hour <= 19 ? 900 : 120;
  const late = dice.chance(0.02) ? dice.between(2, 20) * 3600 : 60;
  return {
    point: `HP${String(point + 1).padStart(3, '0')}`,
    road,
    longitude: 106.68 + point / 100,
    latitude: 20.84 + point / 200,
    from,
    to: from + 3600,
    changedAt: from + 3600 + late,
    intensity: busy + dice.int(300),
    occupancy: (10 + dice.int(80)) / 100,
    speed: (200 + dice.int(400)) / 10,
    no2: (50 + dice.int(900)) / 10,
    pm25: (80 + dice.int(700)) / 10,
    isCleaned: dice.chance(0.003),
  };
}
