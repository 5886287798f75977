import { chunkRows, type DataChunk } from './data-chunk.ts';

/** Some rows of a chunk. */
export interface RowSlice {
  readonly chunk: DataChunk;
  readonly from: number;
  readonly to: number;
}

/** Reads chunks in slices of at most so many rows: where one sheet is full the next goes on. */
export interface RowCursor {
  /** The next rows, null at the end. */
  readonly take: (most: number) => Promise<RowSlice | null>;
  /** Whether rows are left. */
  readonly hasMore: () => Promise<boolean>;
}

/** Opens a cursor over chunks. */
export function rowCursor(chunks: AsyncIterable<DataChunk>): RowCursor {
  const iterator = chunks[Symbol.asyncIterator]();
  let chunk: DataChunk = [];
  let at = 0;
  const hasMore = async (): Promise<boolean> => {
    while (at >= chunkRows(chunk)) {
      const next = await iterator.next();
      if (next.done === true) return false;
      chunk = next.value;
      at = 0;
    }
    return true;
  };
  const take = async (most: number): Promise<RowSlice | null> => {
    if (!(await hasMore())) return null;
    const from = at;
    at = Math.min(from + most, chunkRows(chunk));
    return { chunk, from, to: at };
  };
  return { take, hasMore };
}
