import { dayOfMoment, utcMoment } from '../days.ts';
import type { Position, Vessel } from './voyage.ts';

/** A field of a payload: its value and how many bits it takes. */
type Field = readonly [value: number, bits: number];

/** The sentences of a position report (type 1, or 18 of class B), with the station's tag block before it. */
export function positionSentence(position: Position): string {
  const { vessel, isLost } = position;
  const speed = isLost ? 1023 : Math.round(position.speed * 10);
  const place: readonly Field[] = [
    [1, 1],
    [isLost ? 181 * 600_000 : Math.round(position.longitude * 600_000), 28],
    [isLost ? 91 * 600_000 : Math.round(position.latitude * 600_000), 27],
    [position.course === undefined ? 3600 : position.course * 10, 12],
    [position.heading ?? 511, 9],
    [position.heardAt % 60, 6],
  ];
  const fields: readonly Field[] = vessel.classB
    ? [[18, 6], [0, 2], [vessel.mmsi, 30], [0, 8], [speed, 10], ...place, [0, 29]]
    : [
        [1, 6],
        [0, 2],
        [vessel.mmsi, 30],
        [position.status, 4],
        [-128, 8],
        [speed, 10],
        ...place,
        [0, 25],
      ];
  return sentences(position.heardAt, fields).join('\r\n');
}

/** The sentences of a ship's static report: type 5 in two parts, or both parts of type 24. */
export function staticSentences(vessel: Vessel, heardAt: number): readonly string[] {
  const size: readonly Field[] = [
    [vessel.toBow, 9],
    [vessel.toStern, 9],
    [6, 6],
    [6, 6],
  ];
  if (vessel.classB)
    return [
      ...sentences(heardAt, [[24, 6], [0, 2], [vessel.mmsi, 30], [0, 2], ...text(vessel.name, 20)]),
      ...sentences(heardAt, [
        [24, 6],
        [0, 2],
        [vessel.mmsi, 30],
        [1, 2],
        [vessel.shipType, 8],
        ...text('SIM', 7),
        ...text(vessel.callSign, 7),
        ...size,
        [0, 6],
      ]),
    ];
  const eta: readonly Field[] = [
    [11, 4],
    [22, 5],
    [24, 5],
    [60, 6],
  ];
  return sentences(heardAt, [
    [5, 6],
    [0, 2],
    [vessel.mmsi, 30],
    [0, 2],
    [vessel.imo, 30],
    ...text(vessel.callSign, 7),
    ...text(vessel.name, 20),
    [vessel.shipType, 8],
    ...size,
    [1, 4],
    ...eta,
    [84, 8],
    ...text('VN HPH', 20),
    [0, 2],
  ]);
}

function text(value: string, characters: number): readonly Field[] {
  return Array.from({ length: characters }, (_, n): Field => {
    const code = value.charCodeAt(n);
    return [Number.isNaN(code) ? 0 : code >= 64 ? code - 64 : code, 6];
  });
}

const LONGEST_PAYLOAD = 56;

function sentences(heardAt: number, fields: readonly Field[]): readonly string[] {
  const bits = fields
    .map(([value, count]) =>
      (value < 0 ? value + 2 ** count : value).toString(2).padStart(count, '0'),
    )
    .join('');
  const fill = (6 - (bits.length % 6)) % 6;
  const payload = (bits + '0'.repeat(fill)).match(/.{6}/g) ?? [];
  const letters = payload.map((six) => {
    const value = Number.parseInt(six, 2);
    return String.fromCharCode(value < 40 ? value + 48 : value + 56);
  });
  const parts = Math.ceil(letters.length / LONGEST_PAYLOAD);
  return Array.from({ length: parts }, (_, n) => {
    const piece = letters.slice(n * LONGEST_PAYLOAD, (n + 1) * LONGEST_PAYLOAD).join('');
    const sequence = parts === 1 ? '' : String(dayOfMoment(heardAt) % 10);
    const last = n === parts - 1 ? fill : 0;
    const body = `AIVDM,${String(parts)},${String(n + 1)},${sequence},A,${piece},${String(last)}`;
    const tags = `s:hph1,c:${String(Date.parse(utcMoment(heardAt)) / 1000)}`;
    return `\\${tags}*${checksum(tags)}\\!${body}*${checksum(body)}`;
  });
}

function checksum(text: string): string {
  let value = 0;
  for (let n = 0; n < text.length; n += 1) value ^= text.charCodeAt(n);
  return value.toString(16).toUpperCase().padStart(2, '0');
}
