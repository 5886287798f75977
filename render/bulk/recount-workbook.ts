import { crc32 } from 'node:zlib';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { PhusaError } from '../../core/errors.ts';

/** What a data workbook on disk holds, header rows not counted. */
export interface DataWorkbookCount {
  readonly sheets: number;
  readonly rows: number;
}

const SHEET = /^xl\/worksheets\/sheet\d+\.xml$/;
const ROW = Buffer.from('<row ');

/**
 * Opens a written data workbook again, checks the checksum of every part and counts the rows of
 * every sheet, streaming.
 * @throws PhusaError `render.workbook-damaged` (fatal)
 */
export async function recountDataWorkbook(path: string): Promise<DataWorkbookCount> {
  const zip = await openZip(path);
  try {
    const counts: number[] = [];
    for await (const entry of entriesOf(zip)) {
      const rows = await countRows(zip, entry, path);
      if (SHEET.test(entry.fileName)) counts.push(rows - 1);
    }
    return { sheets: counts.length, rows: counts.reduce((total, rows) => total + rows, 0) };
  } finally {
    zip.close();
  }
}

function openZip(path: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error) reject(damaged(path, error));
      else resolve(zip);
    });
  });
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  for (;;) {
    const entry = await nextEntry(zip);
    if (entry === null) return;
    yield entry;
  }
}

function nextEntry(zip: ZipFile): Promise<Entry | null> {
  return new Promise((resolve, reject) => {
    const settle = (outcome: () => void): void => {
      zip.removeAllListeners();
      outcome();
    };
    zip.once('entry', (entry: Entry) => settle(() => resolve(entry)));
    zip.once('end', () => settle(() => resolve(null)));
    zip.once('error', (error: Error) => settle(() => reject(error)));
    zip.readEntry();
  });
}

async function countRows(zip: ZipFile, entry: Entry, path: string): Promise<number> {
  let rows = 0;
  let crc = 0;
  let tail = Buffer.alloc(0);
  for await (const bytes of await openEntry(zip, entry)) {
    if (!Buffer.isBuffer(bytes)) continue;
    crc = crc32(bytes, crc);
    const text = Buffer.concat([tail, bytes]);
    rows += countOf(text, ROW);
    tail = text.subarray(Math.max(0, text.length - ROW.length + 1));
  }
  if (crc !== entry.crc32) throw damaged(path, new Error(`checksum of ${entry.fileName}`));
  return rows;
}

function openEntry(zip: ZipFile, entry: Entry): Promise<NodeJS.ReadableStream> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) reject(error);
      else resolve(stream);
    });
  });
}

function countOf(text: Buffer, sought: Buffer): number {
  let count = 0;
  for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + 1)) count++;
  return count;
}

function damaged(path: string, cause: Error): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'render.workbook-damaged',
    message: {
      vi: `Tệp Excel vừa ghi không mở lại được: ${cause.message}`,
      en: `The workbook just written cannot be opened again: ${cause.message}`,
    },
    remedy: {
      vi: 'Kiểm tra đĩa còn chỗ trống rồi kết xuất lại.',
      en: 'Check that the disk has room, then produce the file again.',
    },
    place: { file: path },
    cause,
  });
}
