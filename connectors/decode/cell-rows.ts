import type { AppendColumn, AppendValue, DecodeSession } from '../../warehouse/decode-session.ts';

/** Rows handed to the engine column by column, a few thousand at a time. */
export interface CellRows {
  /** Keeps a row until the next flush. */
  add(numbers: readonly number[], texts: readonly (string | null)[]): void;
  /** Hands over what is kept, once it is enough. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const batch = 16_384;

/** Makes a temporary table of integer columns followed by text columns, and fills it. */
export async function openCellRows(
  session: DecodeSession,
  table: string,
  numbers: readonly string[],
  texts: readonly string[],
): Promise<CellRows> {
  const declared: readonly AppendColumn[] = [
    ...numbers.map((name) => ({ name, type: 'integer' as const })),
    ...texts.map((name) => ({ name, type: 'varchar' as const })),
  ];
  const appender = await session.appendTo(table, declared);
  let kept: AppendValue[][] = declared.map(() => []);
  const rows = () => kept[0]?.length ?? 0;
  const hand = async () => {
    const full = kept;
    kept = declared.map(() => []);
    await appender.append(full);
  };
  return {
    add: (given, words) => {
      given.forEach((value, index) => kept[index]?.push(value));
      words.forEach((value, index) => kept[numbers.length + index]?.push(value));
    },
    flush: () => (rows() >= batch ? hand() : Promise.resolve()),
    close: async () => {
      if (rows() > 0) await hand();
      await appender.close();
    },
  };
}
