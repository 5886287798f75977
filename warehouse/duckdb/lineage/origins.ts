import type { ColumnUse, DirectUse, IndirectUse } from '../../column-lineage.ts';

/** What an expression, or a column of a relation, is made of. Sets by table and column; the strongest use stands. */
export interface Origins {
  readonly direct: ReadonlyMap<string, ColumnUse<DirectUse>>;
  readonly indirect: ReadonlyMap<string, ColumnUse<IndirectUse>>;
}

/** Made of nothing: a constant. */
export const nothing: Origins = { direct: new Map(), indirect: new Map() };

/** The column of a table itself. */
export function columnOrigin(table: string, column: string): Origins {
  const use = { table, column, use: 'identity' } as const;
  return { direct: new Map([[keyOf(use), use]]), indirect: new Map() };
}

/** All of them together. */
export function together(parts: readonly Origins[]): Origins {
  const direct = new Map<string, ColumnUse<DirectUse>>();
  for (const use of parts.flatMap((part) => [...part.direct.values()])) {
    const before = direct.get(keyOf(use));
    if (!before || strength[before.use] < strength[use.use]) direct.set(keyOf(use), use);
  }
  const indirect = parts.flatMap((part) => [...part.indirect]);
  return { direct, indirect: new Map(indirect) };
}

/** The same, put through a computation. */
export function through(origins: Origins, step: DirectUse): Origins {
  return together([
    {
      direct: new Map(
        [...origins.direct].map(([key, use]) => [key, { ...use, use: stronger(use.use, step) }]),
      ),
      indirect: origins.indirect,
    },
  ]);
}

/** What they are made of, only deciding. */
export function deciding(origins: Origins, use: IndirectUse): Origins {
  const own = [...origins.direct.values()].map(({ table, column }) => ({ table, column, use }));
  const kept = [...origins.indirect.values()];
  return {
    direct: new Map(),
    indirect: new Map([...kept, ...own].map((one) => [`${keyOf(one)} ${one.use}`, one])),
  };
}

const strength: Readonly<Record<DirectUse, number>> = {
  identity: 0,
  transformation: 1,
  aggregation: 2,
};

function stronger(a: DirectUse, b: DirectUse): DirectUse {
  return strength[a] > strength[b] ? a : b;
}

function keyOf({ table, column }: { readonly table: string; readonly column: string }): string {
  return `${table}.${column}`;
}
