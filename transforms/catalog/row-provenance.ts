/** Which rows of an input a row was made of: columns that are equal, and a condition where equality cannot say it. */
export interface RowProvenance {
  readonly asset: string;
  /** Own column → column of the input. */
  readonly on: Readonly<Record<string, string>>;
  /** SQL condition over the row, alias `f`, and the input's row, alias `s`. */
  readonly match?: string;
}
