import { assertNever } from '../core/assert-never.ts';
import { tickLabels } from './chart/axis-scale.ts';
import type {
  Block,
  Cell,
  CheckLine,
  Figure,
  Inline,
  ReportDocument,
  Row,
  Table,
} from './document.ts';
import { editionLine } from './edition-line.ts';
import { figureText } from './figure-text.ts';
import { attachedTo, placeDate, registerNumber } from './letterhead-text.ts';
import { tableHeader } from './table/table-header.ts';
import { wordingIn } from './wording.ts';

/** A figure and where it stands: printed in text or a cell, or only drawn in a chart or map. */
export interface PlacedFigure {
  readonly figure: Figure;
  readonly place: 'text' | 'cell' | 'chart' | 'map';
  /** The number or mark as printed. */
  readonly printed: string;
}

/** Every statistic of a document in reading order; the same figure may stand in several places. */
export function figuresOf(document: ReportDocument): readonly PlacedFigure[] {
  return document.sections
    .flatMap((section) => section.blocks.flatMap(blockFigures))
    .map(({ figure, place }) => ({
      figure,
      place,
      printed: figureText(figure, document.language),
    }));
}

type Found = Pick<PlacedFigure, 'figure' | 'place'>;

function blockFigures(block: Block): Found[] {
  switch (block.kind) {
    case 'heading':
      return [];
    case 'paragraph':
      return inlineFigures(block.inlines);
    case 'notes':
      return block.items.flatMap(inlineFigures);
    case 'table':
      return tableFigures(block);
    case 'chart':
      return block.series.flatMap(({ points }) =>
        points.map((figure): Found => ({ figure, place: 'chart' })),
      );
    case 'map':
      return block.areas.map(({ figure }): Found => ({ figure, place: 'map' }));
    default:
      return assertNever(block);
  }
}

function tableFigures({ rows, notes = [], checks = [] }: Table): Found[] {
  return [
    ...rows
      .flatMap(cellsOf)
      .flatMap((cell): Found[] =>
        cell.kind === 'figure' ? [{ figure: cell, place: 'cell' }] : [],
      ),
    ...notes.flatMap(inlineFigures),
    ...checks.flatMap((check) => inlineFigures(check.inlines)),
  ];
}

function cellsOf(row: Row): readonly Cell[] {
  return row.kind === 'group' ? [] : row.cells;
}

function inlineFigures(inlines: readonly Inline[]): Found[] {
  return inlines.flatMap((inline): Found[] =>
    inline.kind === 'figure' ? [{ figure: inline, place: 'text' }] : [],
  );
}

/**
 * Every other printed text: labels, dates, decree numbers, column numbers, ticks of charts. A
 * number on paper that is neither in here nor a figure nor a page number was not declared.
 */
export function literalsOf(document: ReportDocument): readonly string[] {
  const { letterhead, signature, recipients } = document;
  return [
    document.title,
    document.subject,
    letterhead.parentAgency ?? '',
    letterhead.agency,
    registerNumber(document),
    placeDate(document),
    ...document.addressees,
    ...document.legalBasis,
    ...document.sections.flatMap(({ annex }) =>
      annex ? [annex.label, annex.title, attachedTo(document)] : [],
    ),
    ...document.sections.flatMap(({ blocks }) =>
      blocks.flatMap((block) => blockLiterals(block, document)),
    ),
    ...signature.authority,
    signature.title,
    signature.name ?? '',
    ...recipients,
    ...document.banners.map((banner) => banner.text),
    editionLine(document),
    ...Object.values(wordingIn(document.language)).map(String),
  ].filter((text) => text !== '');
}

function blockLiterals(block: Block, document: ReportDocument): string[] {
  switch (block.kind) {
    case 'heading':
      return [block.text];
    case 'paragraph':
      return inlineLiterals(block.inlines);
    case 'notes':
      return block.items.flatMap(inlineLiterals);
    case 'table':
      return tableLiterals(block);
    case 'chart':
      return [
        block.title,
        ...block.categories,
        block.left.label,
        block.right?.label ?? '',
        ...block.series.map((series) => series.name),
        ...tickLabels(block, document.language),
      ];
    case 'map':
      return [
        block.title,
        block.legendTitle,
        block.note,
        ...block.classes.map(({ label }) => label),
        ...block.areas.flatMap(({ code, shortName }) => [code, shortName]),
      ];
    default:
      return assertNever(block);
  }
}

function tableLiterals(table: Table): string[] {
  return [
    table.title,
    table.unitNote ?? '',
    ...tableHeader(table).cells.map((cell) => cell.text),
    ...table.rows.flatMap(rowLiterals),
    ...(table.notes ?? []).flatMap(inlineLiterals),
    ...(table.checks ?? []).flatMap((check: CheckLine) => inlineLiterals(check.inlines)),
  ];
}

function rowLiterals(row: Row): string[] {
  if (row.kind === 'group') return [row.label];
  return row.cells.flatMap((cell) => (cell.kind === 'text' ? [cell.text] : []));
}

function inlineLiterals(inlines: readonly Inline[]): string[] {
  return inlines.flatMap((inline) => (inline.kind === 'text' ? [inline.text] : []));
}
