import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';

/** One field that is wanted of every record. */
export interface RecordField {
  /** The column it becomes. */
  readonly as: string;
  /** A header, or a path in the record (see document-path.ts). */
  readonly from: string;
  /** Its texts are numbers written so; where cells are numbers already, they are spelled the same way. */
  readonly numbers?: 'plain' | 'vi';
}

/** What is to be read from landed files of one format. */
export interface RecordsWanted {
  /** Name of the temporary table to make. */
  readonly into: string;
  /** Path of the list of records; empty = the document, or every line. */
  readonly records: string;
  readonly fields: readonly RecordField[];
  readonly delimiter?: ',' | ';' | '\t';
  /** Names of the columns of a file that has no header. */
  readonly header?: readonly string[];
  /** Pattern of the names of the sheets that count; all visible ones by default. */
  readonly sheet?: string;
}

/** What was found beside the rows. */
export interface RecordsFound {
  /** Fields that a file's records do not have at all, in any record. */
  readonly missing: readonly { readonly file: string; readonly from: string }[];
  /** Names that the records have, for comparing with what is wanted. */
  readonly names: readonly string[];
}

/**
 * Turns landed files of one format into a temporary table of texts: a column for each wanted field, and `_file`,
 * `_row` (ordinal in the file, from 1), `_malformed` (reason code, for what is no record) and `_raw` (the record as
 * received). A file that is not of the format at all is refused with a data error.
 */
export type RecordDecoder = (
  session: DecodeSession,
  files: readonly LandedFile[],
  wanted: RecordsWanted,
) => Promise<RecordsFound>;
