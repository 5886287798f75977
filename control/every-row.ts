import type { ListQuery, StateKind, StatePage, StateRow } from './port.ts';

/** What lists state rows: the store, or the writer inside a decision. */
interface RowLister {
  list(kind: StateKind, query?: ListQuery): Promise<StatePage>;
}

/** Which rows; pages are this module's business. */
type RowsWanted = Omit<ListQuery, 'limit' | 'after'>;

/** Rows of one page: few round trips, bounded memory. */
const pageSize = 1_000;

/** Every state row of a kind that a query means, newest first unless it says otherwise, read page by page. */
export async function* everyRow(
  from: RowLister,
  kind: StateKind,
  wanted: RowsWanted = {},
): AsyncGenerator<StateRow, void> {
  let after: string | undefined;
  do {
    const cut = after === undefined ? { limit: pageSize } : { limit: pageSize, after };
    const page = await from.list(kind, { ...wanted, ...cut });
    yield* page.rows;
    after = page.next;
  } while (after !== undefined);
}

/** The same rows gathered in a list, for whoever needs them all at once. */
export async function allRows(
  from: RowLister,
  kind: StateKind,
  wanted: RowsWanted = {},
): Promise<readonly StateRow[]> {
  const rows: StateRow[] = [];
  for await (const row of everyRow(from, kind, wanted)) rows.push(row);
  return rows;
}
