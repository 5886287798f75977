import { crc32, deflateRawSync } from 'node:zlib';

/** A file of an archive. */
export type ZipEntry = { readonly name: string; readonly bytes: Uint8Array };

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_RECORD = 0x06054b50;
const VERSION = 20;
const UTF8_NAMES = 0x0800;
const DEFLATED = 8;
/** 1 January 2022, 00:00 in MS-DOS form: archives of equal content are equal. */
const DOS_DATE = ((2022 - 1980) << 9) | (1 << 5) | 1;

/** The fields that local and central headers share, from "version needed" on. */
function sharedFields(name: Buffer, packed: Uint8Array, bytes: Uint8Array): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(VERSION, 0);
  fields.writeUInt16LE(UTF8_NAMES, 2);
  fields.writeUInt16LE(DEFLATED, 4);
  fields.writeUInt16LE(0, 6);
  fields.writeUInt16LE(DOS_DATE, 8);
  fields.writeUInt32LE(crc32(bytes), 10);
  fields.writeUInt32LE(packed.length, 14);
  fields.writeUInt32LE(bytes.length, 18);
  fields.writeUInt16LE(name.length, 22);
  return fields;
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function centralHeader(name: Buffer, shared: Buffer, offset: number): Buffer {
  const tail = Buffer.alloc(14);
  tail.writeUInt32LE(offset, 10);
  const madeBy = Buffer.from([VERSION, 0]);
  return Buffer.concat([signature(CENTRAL_HEADER), madeBy, shared, tail, name]);
}

function endRecord(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END_RECORD, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}

/** A zip archive, deflated at level 1; the same entries give the same bytes. */
export function zipArchive(entries: Iterable<ZipEntry>): Buffer {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes } of entries) {
    const packed = deflateRawSync(bytes, { level: 1, windowBits: 14, memLevel: 6 });
    const encoded = Buffer.from(name);
    const shared = sharedFields(encoded, packed, bytes);
    central.push(centralHeader(encoded, shared, offset));
    parts.push(signature(LOCAL_HEADER), shared, encoded, packed);
    offset += 4 + shared.length + encoded.length + packed.length;
  }
  const directory = Buffer.concat(central);
  return Buffer.concat([...parts, directory, endRecord(central.length, directory.length, offset)]);
}
