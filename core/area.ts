import { isCalendarDate, type CalendarDate } from './calendar-date.ts';
import { PhusaError } from './errors.ts';

/** An administrative unit by its official code; the same code may mean other territory at another date. */
export interface Area {
  readonly level: 'province' | 'commune';
  /** Text with its leading zeros: `01`, `00004`. */
  readonly code: string;
  /** Boundaries as of this day; `undefined` = those in force at the period's end. */
  readonly at: CalendarDate | undefined;
}

/** Reads `01`, `00004`, `00004@2025-06-30`; throws data `area-invalid`. */
export function parseArea(text: string): Area {
  const match = /^(\d{2}|\d{5})(?:@(.+))?$/.exec(text);
  const [, code = '', at] = match ?? [];
  if (code === '' || (at !== undefined && !isCalendarDate(at))) throw invalidArea(text);
  return { level: code.length === 2 ? 'province' : 'commune', code, at };
}

/** The inverse of {@link parseArea}. */
export function formatArea(area: Area): string {
  return area.at === undefined ? area.code : `${area.code}@${area.at}`;
}

/** The day whose boundaries are meant: the area's own, else the override, else the period's last day. */
export function boundariesOf(
  area: Area,
  periodEnd: CalendarDate,
  areasAsOf?: CalendarDate,
): CalendarDate {
  return areasAsOf ?? area.at ?? periodEnd;
}

function invalidArea(text: string): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'area-invalid',
    message: { vi: `Mã địa bàn không hợp lệ: "${text}"`, en: `Not an area: "${text}"` },
    remedy: {
      vi: 'Viết mã tỉnh 2 chữ số (01) hoặc mã xã 5 chữ số (00004), có thể thêm ngày như 00004@2025-06-30.',
      en: 'Write a 2-digit province (01) or a 5-digit commune (00004), with a date if needed: 00004@2025-06-30.',
    },
    place: { value: text },
  });
}
