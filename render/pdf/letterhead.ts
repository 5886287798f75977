import type { ReportDocument } from '../document.ts';
import { printableText, textWidth, type FontWeight } from '../font/tinos.ts';
import { balanceText } from '../font/wrap-text.ts';
import { placeDate, registerNumber } from '../letterhead-text.ts';
import { wordingIn } from '../wording.ts';
import { contentWidth } from './page-setup.ts';
import type { PdfNode, TextNode } from './pdf-node.ts';
import { ruleLine } from './rule-line.ts';

const NATION_SIZE = 12;
const MOTTO_SIZE = 13;
const AGENCY_SIZE = 12;
const NUMBER_SIZE = 13;
const GUTTER = 8;

/** The head of page one in two columns (NĐ 30/2020 Annex I): agency and number, motto and date. */
export function letterheadNodes(document: ReportDocument): PdfNode[] {
  const width = contentWidth(document.sections[0]?.orientation ?? 'portrait');
  const right = textWidth(wordingIn(document.language).nation, NATION_SIZE, 'bold') + 6;
  return [
    {
      table: {
        widths: [width - right, right],
        body: [
          [agencyBlock(document, width - right), mottoBlock(document)],
          [numberLine(document), placeAndDate(document)],
        ],
      },
      layout: LETTERHEAD_LAYOUT,
    },
  ];
}

const LETTERHEAD_LAYOUT = {
  hLineWidth: () => 0,
  vLineWidth: () => 0,
  paddingLeft: () => 0,
  paddingRight: () => 0,
  paddingTop: () => 0,
  paddingBottom: () => 0,
};

function agencyBlock({ letterhead }: ReportDocument, width: number): PdfNode {
  const agency = agencyLines(letterhead.agency, width, 'bold');
  const longest = Math.max(...agency.map((line) => textWidth(line, AGENCY_SIZE, 'bold')));
  const parent = agencyLines(letterhead.parentAgency ?? '', width, 'normal');
  return {
    stack: [
      ...(letterhead.parentAgency === null ? [] : parent.map(agencyLine)),
      ...agency.map((line) => ({ ...agencyLine(line), bold: true })),
      ruleLine(longest * 0.4),
    ],
    margin: [0, 0, GUTTER, 0],
  };
}

function agencyLines(name: string, width: number, weight: FontWeight): readonly string[] {
  const capitals = printableText(name).toLocaleUpperCase('vi');
  return balanceText(capitals, width - GUTTER, AGENCY_SIZE, weight);
}

function agencyLine(text: string): TextNode {
  return { text, fontSize: AGENCY_SIZE, alignment: 'center', noWrap: true };
}

function mottoBlock({ language }: ReportDocument): PdfNode {
  const { nation, motto } = wordingIn(language);
  return {
    stack: [
      { text: nation, bold: true, fontSize: NATION_SIZE, alignment: 'center', noWrap: true },
      { text: motto, bold: true, fontSize: MOTTO_SIZE, alignment: 'center' },
      ruleLine(textWidth(motto, MOTTO_SIZE, 'bold')),
    ],
  };
}

function numberLine(document: ReportDocument): PdfNode {
  return {
    text: printableText(registerNumber(document)),
    fontSize: NUMBER_SIZE,
    alignment: 'center',
    margin: [0, 8, GUTTER, 0],
    preserveTrailingSpaces: true,
  };
}

function placeAndDate(document: ReportDocument): PdfNode {
  return {
    text: printableText(placeDate(document)),
    italics: true,
    fontSize: NUMBER_SIZE,
    alignment: 'center',
    margin: [0, 8, 0, 0],
  };
}
