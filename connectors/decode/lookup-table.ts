import type { DecodeSession } from '../../warehouse/decode-session.ts';

/** Distinct texts that are looked at together. */
const together = 10_000;

/** What the distinct texts of a column mean. */
export interface Lookup {
  /** Name of the table to make: `given` and the columns below, all text. */
  readonly into: string;
  /** The table and its column of texts. */
  readonly from: string;
  readonly column: string;
  readonly columns: readonly string[];
  /** Values of the columns for a text; undefined for one that means nothing, which gets no row. */
  readonly read: (text: string) => readonly (string | null)[] | undefined;
}

/** Makes a table of what the distinct texts of a column mean, for rules that SQL cannot say: rows are joined to it. */
export async function makeLookup(session: DecodeSession, lookup: Lookup): Promise<void> {
  const { into, from, column, columns, read } = lookup;
  const appender = await session.appendTo(
    into,
    ['given', ...columns].map((name) => ({ name, type: 'varchar' })),
  );
  for (let offset = 0; ; offset += together) {
    const rows = await session.rows(`select distinct ${column} as given from ${from}
      where ${column} is not null order by 1 limit ${together} offset ${offset}`);
    const found = rows.flatMap(({ given }) => {
      const values = read(given ?? '');
      return values ? [[given ?? '', ...values]] : [];
    });
    if (found.length > 0)
      await appender.append(
        ['given', ...columns].map((_, at) => found.map((row) => row[at] ?? null)),
      );
    if (rows.length < together) break;
  }
  await appender.close();
}
