/** How a column's value is made of an input's column (OpenLineage column lineage facet 1.2, DIRECT). */
export type DirectUse = 'identity' | 'transformation' | 'aggregation';

/** How an input's column decides about rows or values without being part of them (same facet, INDIRECT). */
export type IndirectUse = 'join' | 'filter' | 'group-by' | 'sort' | 'window' | 'conditional';

/** A column of an input table and what it is used for. `table` is `layer.name`. */
export interface ColumnUse<Use extends DirectUse | IndirectUse> {
  readonly table: string;
  readonly column: string;
  readonly use: Use;
}

/** Where one column of a SELECT comes from. */
export interface ColumnLineage {
  readonly name: string;
  readonly direct: readonly ColumnUse<DirectUse>[];
  /** What decides about this column's value alone: conditions of CASE, windows, filters of an aggregate. */
  readonly indirect: readonly ColumnUse<IndirectUse>[];
}

/** What cannot be resolved in a SELECT, with its place: line and column from 1. */
export interface LineageProblem {
  readonly line: number;
  readonly column: number;
  /** For the developer who wrote the SQL. */
  readonly problem: string;
}

/** Lineage of a SELECT, column by column, worked out from its text alone. */
export interface SelectLineage {
  readonly columns: readonly ColumnLineage[];
  /** What decides about all rows: joins, filters, groups, order. */
  readonly indirect: readonly ColumnUse<IndirectUse>[];
  readonly problems: readonly LineageProblem[];
}

/** Columns of the tables that a SELECT may read: `layer.name` → names in order. */
export type TableColumns = ReadonlyMap<string, readonly string[]>;
