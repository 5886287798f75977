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

/** Under the name of an annex: `(Kèm theo Báo cáo số 05/BC-IOC ngày 05 tháng 01 năm 2026 của …)`. */
export function attachedTo(document: ReportDocument): string {
  const { letterhead, language, title } = document;
  const paper = title.charAt(0) + title.slice(1).toLocaleLowerCase('vi');
  const number = `${letterhead.number ?? '\u00a0'.repeat(8)}/${letterhead.sign}`;
  const date = longDate(letterhead.date, language);
  return language === 'vi'
    ? `(Kèm theo ${paper} số ${number} ${date} của ${letterhead.agency})`
    : `(Attached to ${paper} No. ${number}, ${date}, of ${letterhead.agency})`;
}
