import type { ReportDocument } from './document.ts';
import { wordingIn } from './wording.ts';

/** The line that leads from a page back to its edition. */
export function editionLine({ edition, language }: ReportDocument): string {
  const words = wordingIn(language);
  return [
    `${words.edition} ${edition.number}`,
    `${words.shortCode}: ${edition.shortCode}`,
    ...(edition.verifyUrl === null ? [] : [edition.verifyUrl]),
  ].join(' · ');
}
