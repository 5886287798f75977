import { PhusaError } from '../../core/errors.ts';

/** What one column asks for at a font size of 1 pt; text width grows in proportion to the size. */
export interface ColumnDemand {
  /** Widest part that may not be broken: a figure, a word. */
  readonly least: number;
  /** Width at which nothing is broken. */
  readonly most: number;
}

/** A font size and the width of each column's content, in points. */
export interface TableFit {
  readonly fontSize: number;
  readonly widths: readonly number[];
}

const LARGEST = 11;
/** The smallest print we call readable on paper. */
const SMALLEST = 8.5;
const STEP = 0.5;

/**
 * Fits a table into the page: the largest font from 11 down to 8.5 pt at which no word and no
 * figure is broken; the room left is shared in proportion to what the columns still ask for.
 * @param available width of the page inside the margins, in points
 * @param overhead padding and rules of each column, in points
 * @throws PhusaError `render.table-too-wide` (data): it never overflows silently
 */
export function fitTable(
  table: string,
  demands: readonly ColumnDemand[],
  available: number,
  overhead: number,
): TableFit {
  const room = available - overhead * demands.length;
  for (let fontSize = LARGEST; fontSize >= SMALLEST; fontSize -= STEP) {
    const least = sum(demands.map((demand) => demand.least)) * fontSize;
    if (least <= room) return { fontSize, widths: share(demands, fontSize, room - least) };
  }
  throw tooWide(table);
}

function share(demands: readonly ColumnDemand[], fontSize: number, spare: number): number[] {
  const wishes = demands.map((demand) => (demand.most - demand.least) * fontSize);
  const wished = sum(wishes);
  const ratio = wished > spare ? spare / wished : 1;
  const even = wished > spare ? 0 : (spare - wished) / demands.length;
  return demands.map((demand, index) => {
    return demand.least * fontSize + (wishes[index] ?? 0) * ratio + even;
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function tooWide(table: string): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'render.table-too-wide',
    message: {
      vi: `Biểu ${table} rộng hơn trang giấy ngay cả ở cỡ chữ ${SMALLEST}.`,
      en: `Table ${table} is wider than the page even at a font size of ${SMALLEST}.`,
    },
    remedy: {
      vi: 'Đặt biểu ở trang ngang hoặc chia thành nhiều biểu.',
      en: 'Put the table on a landscape section or split it.',
    },
    place: { value: table },
  });
}
