import { open } from 'node:fs/promises';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { decodeLineRecords } from './line-records.ts';
import type { RecordsFound, RecordsWanted } from './record-decoder.ts';

/**
 * For formats that the engine cannot take apart: each file is written as lines of JSON, one a record, on which the
 * engine goes on. `recordsOf` gives the records of a file piece by piece, and as texts what is
 * none, which is set aside by itself; what it throws refuses the file.
 */
export async function decodeByLines(
  session: DecodeSession,
  files: readonly LandedFile[],
  wanted: RecordsWanted,
  recordsOf: (file: LandedFile) => AsyncIterable<readonly (object | string)[]>,
): Promise<RecordsFound> {
  const lines: LandedFile[] = [];
  for (const [at, file] of files.entries()) {
    const path = session.scratch(`${file.n}-${at}.ndjson`);
    const out = await open(path, 'w');
    try {
      for await (const records of recordsOf(file)) await out.write(records.map(lineOf).join(''));
    } finally {
      await out.close();
    }
    lines.push({ ...file, path });
  }
  return await decodeLineRecords(session, lines, { ...wanted, records: '' });
}

/** A text that would pass for JSON is kept from doing so. */
function lineOf(record: object | string): string {
  if (typeof record === 'object') return `${JSON.stringify(record)}\n`;
  return /^[\s\d"{[tfn-]/.test(record) ? `? ${record}\n` : `${record}\n`;
}
