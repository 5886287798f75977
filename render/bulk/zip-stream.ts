import { pipeline, Readable } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';
import { PhusaError } from '../../core/errors.ts';

/** One file of an archive; its bytes are taken before the next entry is asked for. */
export interface ZipEntry {
  readonly name: string;
  readonly data: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

interface Written {
  readonly name: Buffer;
  readonly crc: number;
  readonly compressed: number;
  readonly size: number;
  readonly offset: number;
}

/** Fast, and for sheets nearly as small as level 6 (performance.md E). */
const LEVEL = 1;
/** Sizes follow the data (bit 3) and names are UTF-8 (bit 11). */
const FLAGS = 0x0808;
const DEFLATE = 8;
/** 1 January 2000, 12:00: one fixed time for all entries. */
const DOS_TIME = 12 << 11;
const DOS_DATE = (20 << 9) | (1 << 5) | 1;
/** Beyond this an archive needs Zip64, which many spreadsheet programs cannot read. */
const LARGEST = 0xffff_fffe;

/** Packs entries into a zip while they come; memory does not grow with their size. */
export async function* zipStream(entries: AsyncIterable<ZipEntry>): AsyncGenerator<Uint8Array> {
  const written: Written[] = [];
  let offset = 0;
  for await (const entry of entries) {
    const name = Buffer.from(entry.name);
    const header = localHeader(name);
    yield header;
    const counted = { crc: 0, size: 0, compressed: 0 };
    for await (const bytes of deflated(entry.data, counted)) yield bytes;
    yield descriptor(counted);
    written.push({ name, offset, ...counted });
    offset += header.length + counted.compressed + 16;
    if (Math.max(offset, counted.size) > LARGEST) throw tooLarge(entry.name);
  }
  const directory = Buffer.concat(written.map(directoryEntry));
  yield directory;
  yield endOfDirectory(written.length, directory.length, offset);
}

interface Counted {
  crc: number;
  size: number;
  compressed: number;
}

async function* deflated(data: ZipEntry['data'], counted: Counted): AsyncGenerator<Uint8Array> {
  async function* counting(): AsyncGenerator<Uint8Array> {
    for await (const bytes of data) {
      counted.crc = crc32(bytes, counted.crc);
      counted.size += bytes.length;
      yield bytes;
    }
  }
  const deflate = createDeflateRaw({ level: LEVEL, chunkSize: 1 << 16 });
  const source = Readable.from(counting(), { highWaterMark: 1 });
  // Failure reaches the reader: the pipeline destroys the stream that is read below.
  pipeline(source, deflate, () => undefined);
  for await (const bytes of deflate) {
    if (!(bytes instanceof Uint8Array)) continue;
    counted.compressed += bytes.length;
    yield bytes;
  }
}

function localHeader(name: Buffer): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(FLAGS, 6);
  header.writeUInt16LE(DEFLATE, 8);
  header.writeUInt16LE(DOS_TIME, 10);
  header.writeUInt16LE(DOS_DATE, 12);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, name]);
}

function descriptor({ crc, compressed, size }: Counted): Buffer {
  const record = Buffer.alloc(16);
  record.writeUInt32LE(0x08074b50, 0);
  record.writeUInt32LE(crc, 4);
  record.writeUInt32LE(compressed, 8);
  record.writeUInt32LE(size, 12);
  return record;
}

function directoryEntry({ name, crc, compressed, size, offset }: Written): Buffer {
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(20, 4);
  entry.writeUInt16LE(20, 6);
  entry.writeUInt16LE(FLAGS, 8);
  entry.writeUInt16LE(DEFLATE, 10);
  entry.writeUInt16LE(DOS_TIME, 12);
  entry.writeUInt16LE(DOS_DATE, 14);
  entry.writeUInt32LE(crc, 16);
  entry.writeUInt32LE(compressed, 20);
  entry.writeUInt32LE(size, 24);
  entry.writeUInt16LE(name.length, 28);
  entry.writeUInt32LE(offset, 42);
  return Buffer.concat([entry, name]);
}

function endOfDirectory(entries: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries, 8);
  end.writeUInt16LE(entries, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}

function tooLarge(name: string): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'render.archive-too-large',
    message: {
      vi: `Tệp nén vượt 4 GB khi ghi ${name}.`,
      en: `The archive passed 4 GB while writing ${name}.`,
    },
    remedy: {
      vi: 'Chia nhỏ yêu cầu theo kỳ, hoặc chọn CSV hay Parquet.',
      en: 'Split the request by period, or choose CSV or Parquet.',
    },
    place: { file: name },
  });
}
