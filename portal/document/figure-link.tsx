import type { ReactNode } from 'react';
import { type Language, useSpeech } from '../language.tsx';
import { numberText } from '../number-text.ts';
import { Link } from '../router.tsx';
import type { Figure } from './report-document.ts';

/** Address of the trace of a figure. */
export function traceHref(reference: string, figure: Figure): string {
  return `/trace?ref=${encodeURIComponent(`${reference}#${figure.ref}`)}`;
}

/** A figure as printed, leading to its trace. */
export function FigureLink(props: {
  readonly figure: Figure;
  readonly reference: string;
}): ReactNode {
  const { language, t } = useSpeech();
  return (
    <Link
      href={traceHref(props.reference, props.figure)}
      className="figure"
      title={t('Xem con số này từ đâu ra', 'See where this figure comes from')}
    >
      {figureText(props.figure, language)}
    </Link>
  );
}

/** A figure as printed: Vietnamese separators, marks where there is no value. */
export function figureText(figure: Figure, language: Language): string {
  const { value, format } = figure;
  const mark = markText(figure);
  if (mark !== undefined) return mark;
  if (value === null) return '…';
  const sign = format.sign === true && !/^-|^0*(\.0*)?$/.test(value) ? '+' : '';
  const unit =
    format.unit === 'percent' ? '%' : format.unit === 'percentage-point' ? ' điểm %' : '';
  return `${sign}${numberText(value, language, format.decimals)}${unit}`;
}

function markText({ mark, threshold }: Figure): string | undefined {
  switch (mark ?? 'none') {
    case 'zero':
      return '0';
    case 'no-event':
      return '-';
    case 'not-collected':
      return '…';
    case 'no-denominator':
      return '—';
    case 'primary-suppressed':
      return `< ${threshold ?? 3}`;
    case 'secondary-suppressed':
      return 'x';
    default:
      return undefined;
  }
}
