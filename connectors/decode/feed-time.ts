const zone = /(Z|GMT|UTC?|[ECMP][SD]T|[+-]\d\d:?\d\d)\s*$/i;

/**
 * The instant that a feed prints, in ISO and UTC: RFC 822 (`Sun, 22 Nov 2026 08:00:00 +0700`), ISO, or `22/11/2026
 * 08:00`. What names no zone is in Vietnam. Null for what is no time: the text itself is kept beside it.
 */
export function feedTime(printed: string | null): string | null {
  if (printed === null) return null;
  const text = printed
    .trim()
    .replace(
      /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?:[ T,]+(\d{1,2}:\d\d(?::\d\d)?))?$/,
      (_, day: string, month: string, year: string, time = '00:00') =>
        `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}T${String(time).padStart(5, '0')}`,
    );
  if (!/\d{4}/.test(text)) return null;
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  const told = isDay ? `${text}T00:00:00+07:00` : zone.test(text) ? text : `${text}+07:00`;
  const at = Date.parse(/[A-Za-z]{3}/.test(told) ? told.replace(/\+07:00$/, ' +0700') : told);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}
