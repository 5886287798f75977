import { isoMoment, momentOf } from '../days.ts';
import { at, Dice, fraction, roundByChance, STREAM } from '../random.ts';

/** What a camera tells of. Moments are local seconds. */
export type CameraEvent = {
  readonly id: string;
  readonly camera: (typeof CAMERAS)[number];
  readonly kind: 'ANPR' | 'linedetection' | 'fielddetection';
  readonly at: number;
  readonly plate: string | undefined;
  readonly confidence: number | undefined;
  readonly lane: number;
  readonly direction: 'forward' | 'reverse';
};

/** Cameras of the city; firmware decides the form of what they push. */
export const CAMERAS = [
  { id: 'CAM-LT-01', name: 'Lạch Tray 1', firmware: 'xml' },
  { id: 'CAM-LT-02', name: 'Lạch Tray 2', firmware: 'multipart-xml' },
  { id: 'CAM-NBK-01', name: 'Nguyễn Bỉnh Khiêm 1', firmware: 'json' },
  { id: 'CAM-NBK-02', name: 'Nguyễn Bỉnh Khiêm 2', firmware: 'multipart-json' },
] as const;

/** Events of a day at scale 1, on average. */
const EVENTS_A_DAY = 80;

/** The events of a day, as they happened. */
export function cameraEventsOf(seed: number, scale: number, day: number): readonly CameraEvent[] {
  const count = roundByChance(EVENTS_A_DAY * scale, fraction(seed, STREAM.cameraEvent, day));
  return Array.from({ length: count }, (_, n): CameraEvent => {
    const dice = new Dice(seed, STREAM.cameraEvent, day, n + 1);
    const kind = dice.chance(0.8) ? 'ANPR' : dice.chance(0.5) ? 'linedetection' : 'fielddetection';
    const isPlate = kind === 'ANPR';
    return {
      id: `${String(day)}-${String(n + 1).padStart(4, '0')}`,
      camera: at(CAMERAS, dice.int(CAMERAS.length)),
      kind,
      at: momentOf(day, dice.between(0, 23), dice.int(60), dice.int(60)),
      plate: isPlate ? `15X${String(dice.int(100_000)).padStart(5, '0')}` : undefined,
      confidence: isPlate ? dice.between(60, 99) : undefined,
      lane: dice.between(1, 3),
      direction: dice.chance(0.9) ? 'forward' : 'reverse',
    };
  }).sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}

/** The instant as the camera writes it: with its zone, or without on old firmware. */
export function eventTime({ at: moment, camera }: CameraEvent): string {
  return camera.firmware === 'json' ? isoMoment(moment) : `${isoMoment(moment)}.125+07:00`;
}
