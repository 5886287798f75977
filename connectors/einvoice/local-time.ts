/** Vietnam is at +07:00 all year, since before e-invoices. */
const offsetMinutes = 7 * 60;

const pattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/;
const dayFirst = /^(\d{2})\/(\d{2})\/(\d{4})$/;

/**
 * A date or time as written, as Vietnamese wall time `yyyy-MM-dd HH:mm:ss`. One with a zone is moved to +07:00 (the
 * classic trap: `2026-10-31T17:00:00Z` is 1 November); one without is wall time already.
 * Undefined when the text is no existing date.
 */
export function localTime(text: string): string | undefined {
  return wallTime.test(text) && isDay(text.slice(0, 10)) ? text.replace('T', ' ') : readTime(text);
}

/** The usual form. */
const wallTime = /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3])(?::[0-5]\d){2}$/;

/** Days already judged: a batch has few. */
const days = new Map<string, boolean>();
const rememberedDays = 5000;

function isDay(text: string): boolean {
  const known = days.get(text);
  if (known !== undefined) return known;
  if (days.size >= rememberedDays) days.clear();
  const isReal = readTime(text) !== undefined;
  days.set(text, isReal);
  return isReal;
}

function readTime(text: string): string | undefined {
  const [, day = '', month = '', year = ''] = dayFirst.exec(text) ?? [];
  const match = pattern.exec(year === '' ? text : `${year}-${month}-${day}`);
  if (!match) return undefined;
  const [, y = '', m = '', d = '', hour = '00', minute = '00', second = '00', zone] = match;
  const instant = Date.parse(`${y}-${m}-${d}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(instant) || new Date(instant).getUTCDate() !== Number(d)) return undefined;
  const shift = zone === undefined ? 0 : offsetMinutes - zoneMinutes(zone);
  return new Date(instant + shift * 60_000).toISOString().slice(0, 19).replace('T', ' ');
}

function zoneMinutes(zone: string): number {
  if (zone === 'Z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  return sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2)));
}

/** The wall date of {@link localTime}. */
export function localDate(text: string): string | undefined {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return text;
  return localTime(text)?.slice(0, 10);
}
