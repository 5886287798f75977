import { longDate } from './date-format.ts';
import type { ReportDocument } from './document.ts';
import { wordingIn } from './wording.ts';

/** `Số: 05/BC-SKHCN`; a missing number leaves room for the pen. */
export function registerNumber({ letterhead, language }: ReportDocument): string {
  const number = letterhead.number ?? '\u00a0'.repeat(8);
  return `${wordingIn(language).number}: ${number}/${letterhead.sign}`;
}

/** `Hải Phòng, ngày 05 tháng 01 năm 2026`. */
export function placeDate({ letterhead, language }: ReportDocument): string {
  return `${letterhead.place}, ${longDate(letterhead.date, language)}`;
}
