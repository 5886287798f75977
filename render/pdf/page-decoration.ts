import type { ReportDocument } from '../document.ts';
import { editionLine } from '../edition-line.ts';
import { printableText } from '../font/tinos.ts';
import { wordingIn } from '../wording.ts';
import { millimetres, PAGE_MARGINS } from './page-setup.ts';
import type { PageDecoration, PdfNode } from './pdf-node.ts';

/**
 * The page number centred in the top margin, absent on the first page (NĐ 30/2020); body and
 * annexes are numbered each from 1, so the header learns its first page when it is first called.
 */
export function pageNumberHeader(): PageDecoration {
  let before: number | undefined;
  return (page) => {
    before ??= page - 1;
    if (page - before === 1) return null;
    const text = String(page - before);
    return { text, fontSize: 13, alignment: 'center', margin: [0, millimetres(10), 0, 0] };
  };
}

/** Edition line and banners at the foot of every page. */
export function editionFooter(document: ReportDocument): PageDecoration {
  const banners = document.banners.map((banner) => printableText(banner.text)).join(' · ');
  const [left, , right] = PAGE_MARGINS;
  return (): PdfNode => ({
    stack: [
      { text: printableText(editionLine(document)), alignment: 'center' },
      { text: wordingIn(document.language).operational, alignment: 'center', italics: true },
      ...(banners === ''
        ? []
        : [{ text: banners, alignment: 'center' as const, bold: true, color: '#8a1c1c' }]),
    ],
    fontSize: 8.5,
    lineHeight: 1,
    margin: [left, 8, right, 0],
  });
}
