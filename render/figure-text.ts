import { assertNever } from '../core/assert-never.ts';
import { PhusaError } from '../core/errors.ts';
import type { Language } from '../core/localized.ts';
import type { Figure } from './document.ts';
import { formatNumber } from './number-format.ts';

const DEFAULT_THRESHOLD = 3;

/** A figure as printed: its number, or the mark in its place. */
export function figureText(figure: Figure, language: Language): string {
  const mark = figure.mark ?? 'none';
  switch (mark) {
    case 'none':
      return formatNumber(valueOf(figure), figure.format, language);
    case 'zero':
      return formatNumber('0', { ...figure.format, decimals: 0 }, language);
    case 'no-event':
      return '-';
    case 'not-collected':
      return '…';
    case 'no-denominator':
      return '—';
    case 'primary-suppressed':
      return `< ${figure.threshold ?? DEFAULT_THRESHOLD}`;
    case 'secondary-suppressed':
      return 'x';
    default:
      return assertNever(mark);
  }
}

/** The decimal text a reader may compute with; null when a mark hides or replaces it. */
export function openValue(figure: Figure): string | null {
  const mark = figure.mark ?? 'none';
  if (mark === 'zero') return '0';
  return mark === 'none' ? valueOf(figure) : null;
}

function valueOf(figure: Figure): string {
  if (figure.value !== null) return figure.value;
  throw new PhusaError({
    group: 'data',
    code: 'render.figure-without-value',
    message: {
      vi: `Số liệu ${figure.ref} không có giá trị và cũng không có ký hiệu thay thế.`,
      en: `Figure ${figure.ref} has neither a value nor a mark in its place.`,
    },
    place: { field: figure.ref },
  });
}
