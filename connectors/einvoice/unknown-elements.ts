/** How often each element outside the mapping occurred, by `table/name`. */
export class UnknownElements {
  readonly #tables = new Map<string, Map<string, number>>();

  add(table: string, name: string): void {
    const names = this.#tables.get(table) ?? new Map<string, number>();
    if (names.size === 0) this.#tables.set(table, names);
    names.set(name, (names.get(name) ?? 0) + 1);
  }

  counts(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const [table, names] of this.#tables)
      for (const [name, count] of names) counts.set(`${table}/${name}`, count);
    return counts;
  }
}
