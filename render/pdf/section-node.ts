import { assertNever } from '../../core/assert-never.ts';
import type { Block, ReportDocument, Section } from '../document.ts';
import { chartSvg } from '../chart/chart-svg.ts';
import { printableText } from '../font/tinos.ts';
import type { PictureRoom } from '../map/drawing.ts';
import { mapSvg } from '../map/map-svg.ts';
import { attachedTo } from '../letterhead-text.ts';
import { inlineNodes } from './inline-text.ts';
import { justifiedWords } from './justified-words.ts';
import { contentHeight, contentWidth } from './page-setup.ts';
import { PARAGRAPH_STYLE } from './paragraph-style.ts';
import type { PdfNode } from './pdf-node.ts';
import { tableNodes } from './table-node.ts';

/** The blocks of a section in order, with the annex heading where it is one. */
export function sectionContent(section: Section, document: ReportDocument): PdfNode[] {
  const nodes = section.blocks.map((block) => blockNodes(block, section, document));
  return [...annexHeading(section, document), ...withHeadingsKept(section.blocks, nodes)];
}

/** A heading does not stay alone at the foot of a page: it moves with the text after it. */
function withHeadingsKept(
  blocks: readonly Block[],
  nodes: readonly (readonly PdfNode[])[],
): PdfNode[] {
  return nodes.flatMap((own, index) => {
    if (isKept(blocks[index - 1], blocks[index])) return [];
    const next = nodes[index + 1] ?? [];
    if (!isKept(blocks[index], blocks[index + 1])) return [...own];
    return [{ stack: [...own, ...next], unbreakable: true }];
  });
}

/** Longer text is let to break: a block that no page holds could not be placed at all. */
const LONGEST_KEPT = 1500;

function isKept(heading: Block | undefined, next: Block | undefined): boolean {
  if (heading?.kind !== 'heading' || next === undefined) return false;
  if (next.kind === 'chart' || next.kind === 'map') return true;
  return next.kind === 'paragraph' && JSON.stringify(next).length < LONGEST_KEPT;
}

/** NĐ 30/2020 Annex I: number of the annex, its name in capitals, and the paper it goes with. */
function annexHeading({ annex }: Section, document: ReportDocument): PdfNode[] {
  if (!annex) return [];
  const centred = { fontSize: 14, alignment: 'center' } as const;
  return [
    { text: printableText(annex.label), bold: true, ...centred },
    { text: printableText(annex.title).toLocaleUpperCase('vi'), bold: true, ...centred },
    {
      text: printableText(attachedTo(document)),
      italics: true,
      ...centred,
      fontSize: 13,
      margin: [0, 0, 0, 8],
    },
  ];
}

function blockNodes(block: Block, section: Section, document: ReportDocument): PdfNode[] {
  const width = contentWidth(section.orientation);
  const { language } = document;
  switch (block.kind) {
    case 'heading':
      return [headingNode(block.text, block.level)];
    case 'paragraph':
      return [{ text: justifiedWords(inlineNodes(block.inlines, language)), ...PARAGRAPH_STYLE }];
    case 'table':
      return tableNodes(block, width, language);
    case 'chart':
      return [pictureNode(block.title, chartSvg(block, width, language), width)];
    case 'map':
      return [
        pictureNode(block.title, mapSvg(block, pictureRoom(section), language), width, block.note),
      ];
    case 'notes':
      return block.items.map((item) => ({
        text: [{ text: '- ' }, ...inlineNodes(item, language)],
        fontSize: 12,
        margin: [0, 0, 0, 3],
      }));
    default:
      return assertNever(block);
  }
}

function headingNode(text: string, level: number): PdfNode {
  return {
    text: printableText(text),
    bold: level < 3,
    italics: level === 3,
    margin: [level === 1 ? 0 : PARAGRAPH_STYLE.leadingIndent, 6, 0, 6],
  };
}

/** Title, note and edition line keep their place on the page of a picture. */
const AROUND_PICTURE = 150;

function pictureRoom({ orientation }: Section): PictureRoom {
  return {
    width: contentWidth(orientation),
    height: contentHeight(orientation) - AROUND_PICTURE,
  };
}

/** A picture stays with its title and its note. */
function pictureNode(title: string, svg: string, width: number, note = ''): PdfNode {
  return {
    stack: [
      { text: printableText(title), bold: true, alignment: 'center', margin: [0, 8, 0, 4] },
      { svg, width },
      ...(note === ''
        ? []
        : [
            {
              text: printableText(note),
              italics: true,
              fontSize: 11,
              alignment: 'center' as const,
            },
          ]),
    ],
    unbreakable: true,
    margin: [0, 0, 0, 8],
  };
}
