import { periodLabel } from '../../core/period-label.ts';
import type { Localized } from '../../core/localized.ts';
import type { Block, Section } from '../../render/document.ts';
import type { ReportTime } from '../report.ts';
import { inlines } from './inlines.ts';
import { lowerFirst } from './letter-case.ts';
import { roman } from './serial-text.ts';

/** A landscape annex after the signature, headed by its number, its name and the period. */
export function annex(
  position: number,
  name: Localized,
  time: ReportTime,
  ...blocks: readonly Block[]
): Section {
  const { language, period, periods } = time;
  const title = `${name[language]}, ${lowerFirst(periodLabel(period, periods)[language])}`;
  return {
    orientation: 'landscape',
    annex: { label: annexLabel(position, time), title },
    blocks,
  };
}

/** The last words of the body (NĐ 30/2020/NĐ-CP: `./.`), naming the annexes. */
export function closing(annexes: number, time: ReportTime): Block {
  const labels = Array.from({ length: annexes }, (_, index) => annexLabel(index + 1, time));
  return {
    kind: 'paragraph',
    inlines:
      time.language === 'vi'
        ? inlines`Số liệu chi tiết tại ${labels.join(', ')} kèm theo./.`
        : inlines`Details are in ${labels.join(', ')}.`,
  };
}

function annexLabel(position: number, { language }: ReportTime): string {
  return `${language === 'vi' ? 'Phụ lục' : 'Annex'} ${roman(position)}`;
}
