import type { Language } from '../core/localized.ts';
import { figuresOf, type PlacedFigure } from '../render/document-figures.ts';
import { figureText } from '../render/figure-text.ts';
import type { Cell, Column, Inline, ReportDocument, Table } from '../render/document.ts';
import { inlines } from './layout/inlines.ts';

/** Corrections listed one by one; beyond, only their number is said. */
const LISTED = 10;

/**
 * What a document changes of the one before, figure by figure: where it stands, what was printed, what is printed now
 * with its reference. Figures that only one of them has (a member come or gone) are no corrections.
 */
export function correctionsBetween(
  before: ReportDocument,
  after: ReportDocument,
): readonly (readonly Inline[])[] {
  const { language } = after;
  const old = new Map(figuresOf(before).map(({ figure }) => [figure.ref, figure]));
  const changed = firstOfEach(figuresOf(after)).flatMap(({ figure, printed }) => {
    const then = old.get(figure.ref);
    // written as it is now: one figure may stand in a table without and in a sentence with its unit
    const was = then && figureText({ ...then, format: figure.format }, language);
    return was === undefined || was === printed ? [] : [{ figure, was }];
  });
  if (changed.length === 0) return [nothingPrinted(language)];
  const places = placesIn(after);
  const lines = changed.slice(0, LISTED).map(({ figure, was }) => {
    const place = places.get(figure.ref) ?? figure.ref;
    return inlines`${place}: ${was} → ${figure}`;
  });
  const rest = changed.length - lines.length;
  return rest === 0 ? lines : [...lines, andMore(rest, language)];
}

function firstOfEach(figures: readonly PlacedFigure[]): readonly PlacedFigure[] {
  return [
    ...new Map(figures.toReversed().map((placed) => [placed.figure.ref, placed])).values(),
  ].toReversed();
}

/** Figures of tables by reference, as a reader finds them: table, row, column. */
function placesIn(document: ReportDocument): ReadonlyMap<string, string> {
  const tables = document.sections
    .flatMap(({ blocks }) => blocks)
    .filter((block) => block.kind === 'table');
  return new Map(tables.flatMap(placesOf));
}

function placesOf(table: Table): readonly (readonly [string, string])[] {
  return table.rows.flatMap((row) => {
    if (row.kind === 'group') return [];
    const name = row.cells.flatMap((cell, index) => rowName(cell, table.columns[index])).join(', ');
    return row.cells.flatMap((cell, index) =>
      cell.kind === 'figure'
        ? [
            [
              cell.ref,
              [tableName(table), name, columnName(table.columns[index])].join(', '),
            ] as const,
          ]
        : [],
    );
  });
}

/** Words that name a row; its serial number does not. */
function rowName(cell: Cell, column: Column | undefined): readonly string[] {
  return cell.kind === 'text' && column?.key !== 'position' ? [cell.text] : [];
}

function columnName(column: Column | undefined): string {
  return [...(column?.groups ?? []), column?.label ?? ''].join(' - ');
}

/** `Biểu 1` of `Biểu 1. Tình hình …`; a table without number has its whole title. */
function tableName({ title }: Table): string {
  return /^(Biểu|Table) \d+(?=\.)/.exec(title)?.[0] ?? title;
}

function nothingPrinted(language: Language): readonly Inline[] {
  return language === 'vi'
    ? inlines`Các số liệu đã in không thay đổi; thay đổi về tình trạng nguồn số liệu hoặc cách tính.`
    : inlines`No printed figure changes; the state of a source or a rule does.`;
}

function andMore(rest: number, language: Language): readonly Inline[] {
  return language === 'vi'
    ? inlines`và ${String(rest)} số liệu khác`
    : inlines`and ${String(rest)} more figures`;
}
