import { existsSync, statSync } from 'node:fs';
import Database from 'libsql';

/** Files beside a SQLite control store that hold nothing once its log has been emptied into it. */
export const logFiles = /-(wal|shm)$/;

/**
 * Empties the write-ahead log of a control store that nobody writes to into its one file, which is then whole by itself:
 * connections of a closed store may end late. Throws where somebody still uses it.
 */
export function emptyLog(file: string): void {
  const database = new Database(file);
  try {
    database.pragma('busy_timeout = 10000');
    database.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    database.close();
  }
  const log = `${file}-wal`;
  if (existsSync(log) && statSync(log).size > 0) throw new Error(`${file} is still in use`);
}
