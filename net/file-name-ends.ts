/** Endings that programs give to files while they write them. */
const usualEnds = ['.part', '.tmp', '.filepart', '~'];

/** The usual endings of names that are still being written, and a source's own. */
export function unfinishedEnds(own: readonly string[]): readonly string[] {
  return [...usualEnds, ...own.filter((end) => end !== '')].map((end) => end.toLowerCase());
}

/** Whether a file is still being written, by its name. */
export function isUnfinished(name: string, ends: readonly string[]): boolean {
  return ends.some((end) => name.toLowerCase().endsWith(end));
}
