import type { ReportDocument, Signature } from '../document.ts';
import { printableText } from '../font/tinos.ts';
import { wordingIn } from '../wording.ts';
import type { PdfNode } from './pdf-node.ts';

/** Room for the signature and the seal, in points. */
const SIGNING_ROOM = 68;

/** Recipients at the left, capacity, title and name at the right; never split over two pages. */
export function signatureNode(document: ReportDocument): PdfNode {
  return {
    table: {
      widths: ['*', '*'],
      dontBreakRows: true,
      body: [[recipientsBlock(document), signerBlock(document.signature)]],
    },
    layout: 'noBorders',
    margin: [0, 14, 0, 0],
    unbreakable: true,
  };
}

function recipientsBlock(document: ReportDocument): PdfNode {
  const last = document.recipients.length - 1;
  const lines = document.recipients.map((name, index) => ({
    text: `- ${printableText(name)}${index === last ? '.' : ';'}`,
    fontSize: 11,
  }));
  const heading = `${wordingIn(document.language).recipients}:`;
  return {
    stack: [
      ...(lines.length > 0 ? [{ text: heading, bold: true, italics: true, fontSize: 12 }] : []),
      ...lines,
    ],
  };
}

function signerBlock({ authority, title, name }: Signature): PdfNode {
  const capitals = [...authority, title].map((line) => ({
    text: printableText(line).toLocaleUpperCase('vi'),
    bold: true,
    alignment: 'center' as const,
  }));
  return {
    stack: [
      ...capitals,
      {
        text: printableText(name ?? ''),
        bold: true,
        alignment: 'center',
        margin: [0, SIGNING_ROOM, 0, 0],
      },
    ],
  };
}
