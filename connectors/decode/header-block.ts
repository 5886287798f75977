import type { MergedCells } from './xlsx-sheet.ts';

/** A grid of the first cells of a sheet, merged ones filled; rows and columns count from 1. */
export interface HeaderGrid {
  readonly rows: number;
  readonly columns: number;
  text(row: number, column: number): string;
}

/** The rows of a header, and what each column is called in them. */
export interface HeaderBlock {
  readonly from: number;
  readonly to: number;
  readonly columns: readonly HeaderColumn[];
}

/** One named column. */
export interface HeaderColumn {
  readonly column: number;
  /** Its header texts from top to bottom, equal neighbours once. */
  readonly path: readonly string[];
  readonly name: string;
}

/** What a header is recognised by. */
export interface HeaderNames {
  /** The name under which a column is known by its header texts; undefined for one that is not wanted. */
  nameOf(path: readonly string[]): string | undefined;
  readonly required: readonly string[];
}

/** Header rows of one table at most. */
const deepest = 5;

/** A grid over cells, in which every cell of a merged block has the block's text. */
export function headerGrid(
  cells: readonly { readonly row: number; readonly column: number; readonly text: string }[],
  merged: readonly MergedCells[],
  rows: number,
  columns: number,
): HeaderGrid {
  const texts = new Map<number, string>();
  const key = (row: number, column: number) => row * (columns + 1) + column;
  for (const { row, column, text } of cells) texts.set(key(row, column), text.trim());
  for (const { fromRow, fromColumn, toRow, toColumn } of merged) {
    const text = texts.get(key(fromRow, fromColumn)) ?? '';
    for (let row = fromRow; row <= Math.min(toRow, rows); row += 1)
      for (let column = fromColumn; column <= Math.min(toColumn, columns); column += 1)
        texts.set(key(row, column), text);
  }
  return { rows, columns, text: (row, column) => texts.get(key(row, column)) ?? '' };
}

/**
 * The block of rows whose columns have all required names: the one that names most columns; of equals the least deep,
 * then the lowest on the sheet (a title above may repeat a name). Undefined when there is none.
 */
export function findHeader(grid: HeaderGrid, names: HeaderNames): HeaderBlock | undefined {
  let best: HeaderBlock | undefined;
  for (let from = 1; from <= grid.rows; from += 1) {
    for (let depth = 1; depth <= deepest && from + depth - 1 <= grid.rows; depth += 1) {
      const block = blockAt(grid, from, from + depth - 1, names);
      if (hasAll(block, names.required) && isBetter(block, best)) best = block;
    }
  }
  return best;
}

/** A block with a name for each of its columns that has a header text of its own and is not wanted; no name comes twice. */
export function withOthers(
  grid: HeaderGrid,
  block: HeaderBlock,
  nameOf: (path: readonly string[]) => string,
): HeaderBlock {
  const columns = [...block.columns];
  for (let column = 1; column <= grid.columns; column += 1) {
    const path = pathOf(grid, block.from, block.to, column);
    const name = nameOf(path);
    const taken = columns.some((one) => one.column === column || one.name === name);
    if (path.length > 0 && !taken) columns.push({ column, path, name });
  }
  return { ...block, columns };
}

function blockAt(grid: HeaderGrid, from: number, to: number, names: HeaderNames): HeaderBlock {
  const columns: HeaderColumn[] = [];
  for (let column = 1; column <= grid.columns; column += 1) {
    const path = pathOf(grid, from, to, column);
    const name = path.length === 0 ? undefined : names.nameOf(path);
    if (name !== undefined) columns.push({ column, path, name });
  }
  return { from, to, columns };
}

function pathOf(grid: HeaderGrid, from: number, to: number, column: number): readonly string[] {
  const path: string[] = [];
  for (let row = from; row <= to; row += 1) {
    const text = grid.text(row, column);
    if (text !== '' && text !== path.at(-1)) path.push(text);
  }
  return path;
}

function hasAll({ columns }: HeaderBlock, required: readonly string[]): boolean {
  return required.every((name) => columns.some((column) => column.name === name));
}

function isBetter(block: HeaderBlock, best: HeaderBlock | undefined): boolean {
  if (best === undefined) return true;
  const more = named(block) - named(best);
  const depth = (one: HeaderBlock) => one.to - one.from;
  return more > 0 || (more === 0 && depth(block) < depth(best));
}

function named({ columns }: HeaderBlock): number {
  return new Set(columns.map(({ name }) => name)).size;
}
