/** Caps under which an archive is read. Sizes are bytes. */
export interface ZipLimits {
  readonly entries: number;
  /** Uncompressed, one entry. */
  readonly entryBytes: number;
  /** Uncompressed, all entries together. */
  readonly totalBytes: number;
  /** Uncompressed ÷ compressed, judged on entries above `ratioFrom` bytes. */
  readonly ratio: number;
  readonly ratioFrom: number;
  /** Whether an entry may itself be a zip (a workbook is one). */
  readonly nested: boolean;
}

/**
 * Defaults for a city's feeds: DEFLATE reaches 1032:1 at most, real XML and CSV stay under 100:1.
 */
export const zipLimits: ZipLimits = {
  entries: 100_000,
  entryBytes: 1 << 30,
  totalBytes: 8 * 2 ** 30,
  ratio: 250,
  ratioFrom: 1 << 20,
  nested: false,
};
