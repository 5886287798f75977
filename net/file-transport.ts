/** Reads files of a directory source; every path stays inside the allowed root (symlinks resolved). */
export interface FileTransport {
  /** Files directly in `directory` whose name matches, sorted by name. */
  list(directory: string, pattern: RegExp): Promise<readonly FileEntry[]>;
  /** Streams a file's bytes. */
  open(path: string): AsyncIterable<Uint8Array>;
}

/** One file of a directory. */
export interface FileEntry {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  /** ISO instant. */
  readonly modifiedAt: string;
}
