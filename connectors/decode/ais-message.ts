import { AisBits } from './ais-bits.ts';

/** What a message says; a value that the ship does not know is absent. */
export type AisFields = Readonly<Record<string, string | number>>;

type Found = Readonly<Record<string, string | number | null>>;

/**
 * The fields of a message of type 1–3, 5, 18, 19 or 24 (ITU-R M.1371-5, annex 8); of others only type and number. What
 * the standard writes for "not available" is left out: longitude 181°, latitude 91°, speed 102.3 kn, course 360°,
 * heading 511, second 60 and above, rate of turn −128. Undefined when not even type and number are there.
 */
export function aisMessage(payload: string, fillBits: number): AisFields | undefined {
  const bits = new AisBits(payload, fillBits);
  const type = bits.unsigned(0, 6);
  const mmsi = bits.unsigned(8, 30);
  if (type === null || type === 0 || mmsi === null) return undefined;
  const head = { message_type: type, mmsi: String(mmsi).padStart(9, '0') };
  return known({ ...head, ...bodyOf(type, bits) });
}

function bodyOf(type: number, bits: AisBits): Found {
  switch (type) {
    case 1:
    case 2:
    case 3:
      return {
        navigation_status: below(bits.unsigned(38, 4), 15),
        rate_of_turn: not(bits.signed(42, 8), -128),
        ...position(bits, 50),
      };
    case 5:
      return staticReport(bits);
    case 18:
      return position(bits, 46);
    case 19:
      return {
        ...position(bits, 46),
        part: '19',
        name: bits.text(143, 120),
        ...shape(bits, 263, 271),
      };
    case 24:
      return staticPart(bits);
    default:
      return {};
  }
}

/** Speed, accuracy, place, course, heading and second, which all position reports have in this order. */
function position(bits: AisBits, start: number): Found {
  return {
    speed: tenths(not(bits.unsigned(start, 10), 1023)),
    accurate: bits.unsigned(start + 10, 1),
    longitude: degrees(bits.signed(start + 11, 28), 180),
    latitude: degrees(bits.signed(start + 39, 27), 90),
    course: tenths(below(bits.unsigned(start + 66, 12), 3600)),
    heading: below(bits.unsigned(start + 78, 9), 360),
    second: below(bits.unsigned(start + 87, 6), 60),
  };
}

function staticReport(bits: AisBits): Found {
  const [month, day] = [bits.unsigned(274, 4), bits.unsigned(278, 5)];
  const [hour, minute] = [bits.unsigned(283, 5), bits.unsigned(288, 6)];
  return {
    part: '5',
    imo: positive(bits.unsigned(40, 30)),
    call_sign: bits.text(70, 42),
    name: bits.text(112, 120),
    ...shape(bits, 232, 240),
    // The year is not told, and 0, 24 and 60 mean "unknown": a text, not a date.
    eta:
      positive(month) === null || positive(day) === null
        ? null
        : `${two(month)}-${two(day)} ${two(below(hour, 24))}:${two(below(minute, 60))}`,
    draught: tenths(positive(bits.unsigned(294, 8))),
    destination: bits.text(302, 120),
  };
}

/** Part A has the name, part B the rest; they come one by one. */
function staticPart(bits: AisBits): Found {
  if (bits.unsigned(38, 2) === 0) return { part: '24A', name: bits.text(40, 120) };
  return { part: '24B', call_sign: bits.text(90, 42), ...shape(bits, 40, 132) };
}

/** Kind of ship, length and beam in metres. */
function shape(bits: AisBits, type: number, size: number): Found {
  const sum = (a: number | null, b: number | null) =>
    a === null || b === null ? null : positive(a + b);
  return {
    ship_type: positive(bits.unsigned(type, 8)),
    length: sum(bits.unsigned(size, 9), bits.unsigned(size + 9, 9)),
    beam: sum(bits.unsigned(size + 18, 6), bits.unsigned(size + 24, 6)),
  };
}

function degrees(tenThousandths: number | null, most: number): string | null {
  if (tenThousandths === null || Math.abs(tenThousandths) > most * 600_000) return null;
  return (tenThousandths / 600_000).toFixed(6);
}

function tenths(value: number | null): string | null {
  return value === null ? null : (value / 10).toFixed(1);
}

function not(value: number | null, unknown: number): number | null {
  return value === unknown ? null : value;
}

function below(value: number | null, most: number): number | null {
  return value === null || value >= most ? null : value;
}

function positive(value: number | null): number | null {
  return value === null || value <= 0 ? null : value;
}

function two(value: number | null): string {
  return value === null ? '--' : String(value).padStart(2, '0');
}

function known(found: Found): AisFields {
  const given: [string, string | number][] = [];
  for (const [name, value] of Object.entries(found)) if (value !== null) given.push([name, value]);
  return Object.fromEntries(given);
}
