import { addDays, isCalendarDate } from '../core/calendar-date.ts';
import { instantOf, VIETNAM_ZONE } from '../core/calendar-zone.ts';
import { PhusaError } from '../core/errors.ts';

/** Reads `--as-of`: an ISO instant, or a date meaning its end in Vietnam. Returns an ISO instant. Throws `as-of-invalid`. */
export function readAsOf(text: string): string {
  const isDay: boolean = isCalendarDate(text);
  if (isDay) {
    const next = instantOf({ date: addDays(text, 1), time: '00:00' }, VIETNAM_ZONE);
    return new Date(next.getTime() - 1).toISOString();
  }
  const time = /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  throw new PhusaError({
    group: 'fatal',
    code: 'as-of-invalid',
    message: { vi: `Thời điểm không hợp lệ: “${text}”.`, en: `Not a time: “${text}”.` },
    remedy: {
      vi: 'Viết như 2026-07-15 hoặc 2026-07-15T08:00:00+07:00.',
      en: 'Write 2026-07-15 or 2026-07-15T08:00:00+07:00.',
    },
    place: { value: text },
  });
}
