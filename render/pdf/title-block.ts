import type { Banner, ReportDocument } from '../document.ts';
import { printableText, textWidth } from '../font/tinos.ts';
import { balanceText } from '../font/wrap-text.ts';
import { wordingIn } from '../wording.ts';
import { contentWidth } from './page-setup.ts';
import { justifiedWords } from './justified-words.ts';
import type { PdfNode } from './pdf-node.ts';
import { ruleLine } from './rule-line.ts';
import { PARAGRAPH_STYLE } from './paragraph-style.ts';

const TITLE_SIZE = 14;

/** Kind of paper, subject with its line, banners, addressees and legal basis. */
export function titleNodes(document: ReportDocument): PdfNode[] {
  return [
    {
      text: printableText(document.title),
      bold: true,
      fontSize: TITLE_SIZE,
      alignment: 'center',
      margin: [0, 18, 0, 0],
    },
    ...subjectNodes(document),
    ...bannerBox(document.banners),
    ...addresseeNodes(document),
    ...document.legalBasis.map(basisParagraph),
  ];
}

function subjectNodes(document: ReportDocument): PdfNode[] {
  const text = printableText(document.subject);
  if (text === '') return [];
  const width = contentWidth(document.sections[0]?.orientation ?? 'portrait');
  const lines = balanceText(text, width, TITLE_SIZE, 'bold');
  const longest = Math.max(...lines.map((line) => textWidth(line, TITLE_SIZE, 'bold')));
  return [
    ...lines.map((line) => ({
      text: line,
      bold: true,
      fontSize: TITLE_SIZE,
      alignment: 'center' as const,
    })),
    { stack: [ruleLine(longest * 0.4)], margin: [0, 1, 0, 10] },
  ];
}

/** What a reader must know first, a line each, in one box: the body of a short report stays on its page. */
function bannerBox(banners: readonly Banner[]): PdfNode[] {
  if (banners.length === 0) return [];
  const text = banners.map((banner) => printableText(banner.text)).join('\n');
  return [
    {
      table: {
        widths: ['*'],
        body: [[{ text, bold: true, fontSize: 11, alignment: 'center', color: '#8a1c1c' }]],
      },
      layout: BANNER_LAYOUT,
      margin: [0, 0, 0, 6],
    },
  ];
}

const BANNER_LAYOUT = {
  hLineWidth: () => 0.75,
  vLineWidth: () => 0.75,
  paddingLeft: () => 6,
  paddingRight: () => 6,
  paddingTop: () => 2,
  paddingBottom: () => 3,
};

function addresseeNodes(document: ReportDocument): PdfNode[] {
  const { addressees } = wordingIn(document.language);
  const [first, ...others] = document.addressees.map(printableText);
  if (first === undefined) return [];
  if (others.length === 0) {
    return [{ text: `${addressees}: ${first}`, alignment: 'center', margin: [0, 6, 0, 10] }];
  }
  const lines = [first, ...others].map((name, index, all) => {
    return { text: `- ${name}${index === all.length - 1 ? '.' : ';'}` };
  });
  return [
    {
      columns: [
        { text: `${addressees}:`, alignment: 'right', width: 150 },
        { stack: lines, width: '*' },
      ],
      columnGap: 6,
      margin: [0, 6, 0, 10],
    },
  ];
}

function basisParagraph(text: string): PdfNode {
  return {
    text: justifiedWords([{ text: printableText(text) }]),
    italics: true,
    ...PARAGRAPH_STYLE,
  };
}
