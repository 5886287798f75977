import type { LandedFile } from '../../warehouse/decode-session.ts';
import { quoted } from '../../core/sql-text.ts';
import { fileTrouble } from './decode-trouble.ts';
import { literalList } from './sql-text.ts';

/** The largest document that is read, in bytes. */
const largest = 268_435_456;

/** What most pages fit into, in bytes. */
const usual = 2_097_152;

/**
 * SQL for the documents of landed files: `filename`, `json`. The engine sets aside twice the size of an object for each
 * of its threads, so that is no more than the largest file needs.
 */
export function jsonDocuments(files: readonly Pick<LandedFile, 'path' | 'bytes'>[]): string {
  const longest = files.reduce((most, { bytes }) => Math.max(most, bytes), 0);
  const paths = [...new Set(files.map(({ path }) => path))];
  return `read_json_objects(${literalList(paths)}, format = 'unstructured', filename = true,
    maximum_object_size = ${Math.min(largest, Math.max(longest + 1, usual))})`;
}

/** Documents that are taken apart in one statement: the engine holds all of a vector at once, parsed, in bytes. */
const atOnce = 16_777_216;

/** Files in their order, in groups that fit into memory; files of the same bytes stay together. */
export function inGroups(files: readonly LandedFile[]): readonly (readonly LandedFile[])[] {
  const byPath = new Map<string, LandedFile[]>();
  for (const file of files) byPath.set(file.path, [...(byPath.get(file.path) ?? []), file]);
  const groups: LandedFile[][] = [];
  let held = atOnce;
  for (const same of byPath.values()) {
    const bytes = same.reduce((sum, file) => sum + file.bytes, 0);
    if (held + bytes > atOnce) {
      groups.push([]);
      held = 0;
    }
    groups.at(-1)?.push(...same);
    held += bytes;
  }
  return groups;
}

/** SQL that makes a temporary table of a SELECT, or adds to it. */
export function intoTable(name: string, isFirst: boolean): string {
  return isFirst
    ? `create or replace temp table ${quoted(name)} as`
    : `insert into ${quoted(name)}`;
}

/** The error of a statement that read documents: data `file-not-json`; what says nothing of the content stays as it is. */
export function jsonTrouble(files: readonly LandedFile[], cause: unknown): unknown {
  const words = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
  if (/^(Out of Memory|IO|FATAL|INTERNAL|INTERRUPT)/.test(words)) return cause;
  const name = files.map((file) => file.name).join(', ');
  return fileTrouble('file-not-json', { name }, words, cause);
}
