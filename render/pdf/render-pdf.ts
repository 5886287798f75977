import pdfmake from 'pdfmake';
import { checkedDocument } from '../checked-document.ts';
import type { ReportDocument, Section } from '../document.ts';
import { printableText, TINOS_FILES } from '../font/tinos.ts';
import { RENDERER_VERSION } from '../renderer-version.ts';
import { letterheadNodes } from './letterhead.ts';
import { editionFooter, pageNumberHeader } from './page-decoration.ts';
import { PAGE_MARGINS } from './page-setup.ts';
import type { PageDecoration, PdfDefinition, PdfNode, SectionNode } from './pdf-node.ts';
import { sectionContent } from './section-node.ts';
import { signatureNode } from './signature-block.ts';
import { titleNodes } from './title-block.ts';

const FONT_FILES: ReadonlySet<string> = new Set(Object.values(TINOS_FILES));

pdfmake.setFonts({ Tinos: TINOS_FILES });
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy((path) => FONT_FILES.has(path));

/**
 * Renders a document as PDF/A-3a on A4 in the form of Nghị định 30/2020. The same tree gives the
 * same bytes in any process, zone or locale; nothing is fetched and no file but the fonts is read.
 * @throws PhusaError `render.document-invalid`, `render.table-too-wide`, `render.figure-without-value`
 */
export async function renderPdf(tree: ReportDocument): Promise<Uint8Array> {
  const document = checkedDocument(tree);
  return pdfmake.createPdf(definitionOf(document)).getBuffer();
}

function definitionOf(document: ReportDocument): PdfDefinition {
  const createdAt = new Date(document.createdAt);
  return {
    content: sectionNodes(document),
    pageSize: 'A4',
    version: '1.7',
    subset: 'PDF/A-3a',
    tagged: true,
    displayTitle: true,
    language: document.language,
    defaultStyle: { font: 'Tinos', fontSize: 13, lineHeight: 1.1 },
    info: {
      title: printableText(`${document.title} ${document.subject}`),
      author: printableText(document.letterhead.agency),
      subject: document.edition.reference,
      creator: 'Phù Sa',
      producer: RENDERER_VERSION,
      creationDate: createdAt,
      modDate: createdAt,
    },
  };
}

function sectionNodes(document: ReportDocument): SectionNode[] {
  const body = document.sections.filter((section) => !section.annex);
  const annexes = document.sections.filter((section) => section.annex);
  const bodyNumbers = pageNumberHeader();
  return [
    ...body.map((section, index) => {
      const before = index === 0 ? [...letterheadNodes(document), ...titleNodes(document)] : [];
      const after = index === body.length - 1 ? [signatureNode(document)] : [];
      return sectionNode(document, section, bodyNumbers, before, after);
    }),
    ...annexes.map((section) => sectionNode(document, section, pageNumberHeader(), [], [])),
  ];
}

function sectionNode(
  document: ReportDocument,
  section: Section,
  header: PageDecoration,
  before: readonly PdfNode[],
  after: readonly PdfNode[],
): SectionNode {
  return {
    section: [...before, ...withLastKept(sectionContent(section, document), after)],
    pageOrientation: section.orientation,
    pageMargins: PAGE_MARGINS,
    header,
    footer: editionFooter(document),
  };
}

/** A signature never stands alone on a page: the last words before it come along. */
function withLastKept(content: readonly PdfNode[], after: readonly PdfNode[]): PdfNode[] {
  const last = content.at(-1);
  if (after.length === 0 || last === undefined || !isShortText(last)) return [...content, ...after];
  return [...content.slice(0, -1), { stack: [last, ...after], unbreakable: true }];
}

/** Words, or words and a heading, of half a page at most. */
const LONGEST_KEPT = 600;

function isShortText(node: PdfNode): boolean {
  if ('stack' in node) return node.stack.every(isShortText);
  return 'text' in node && (typeof node.text === 'string' || node.text.length < LONGEST_KEPT);
}
