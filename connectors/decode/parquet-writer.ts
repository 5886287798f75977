import { closeSync, openSync, writevSync } from 'node:fs';
import { ParquetColumn } from './parquet-column.ts';
import { ThriftStruct } from './thrift-compact.ts';

/** Types of columns: each value is written by the method of {@link ParquetColumn} named here. */
export type ParquetType =
  | { readonly kind: 'text' | 'integer' | 'bigint' | 'boolean' | 'date' | 'timestamp' }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number };

/** A column by name. */
export type ParquetField = readonly [name: string, type: ParquetType];

const magic = Buffer.from('PAR1');
const encodings = { plain: 0, hybrid: 3 } as const;
const dataPage = 0;
const optional = 1;
const uncompressed = 0;

/** Rows, and bytes, after which a row group is written. */
const groupRows = 60_000;
const groupBytes = 8 << 20;
/** Rows between two looks at the bytes held. */
const lookEvery = 256;

/**
 * Writes a Parquet file: the caller gives each column a value or null, then {@link endRow}. Uncompressed, without
 * dictionaries: for files that are read once and removed. https://parquet.apache.org/docs/file-format/
 */
export class ParquetWriter {
  readonly columns: readonly ParquetColumn[];
  readonly #fields: readonly ParquetField[];
  readonly #fd: number;
  readonly #groups: ThriftStruct[] = [];
  #offset = 0;
  #held = 0;
  #rows = 0;

  constructor(path: string, fields: readonly ParquetField[]) {
    this.#fields = fields;
    this.columns = fields.map(() => new ParquetColumn());
    this.#fd = openSync(path, 'w');
    this.#write([magic]);
  }

  endRow(): void {
    this.#held += 1;
    this.#rows += 1;
    if (this.#held >= groupRows || (this.#held % lookEvery === 0 && this.#bytesHeld() > groupBytes))
      this.#endGroup();
  }

  /** Writes what is held and ends the file. */
  end(): void {
    if (this.#held > 0) this.#endGroup();
    const footer = this.#footer().bytes();
    const length = Buffer.allocUnsafe(4);
    length.writeUInt32LE(footer.length, 0);
    this.#write([footer, length, magic]);
    closeSync(this.#fd);
  }

  /** Ends without a readable file. */
  abandon(): void {
    closeSync(this.#fd);
  }

  #bytesHeld(): number {
    return this.columns.reduce((sum, column) => sum + column.bytesHeld, 0);
  }

  #endGroup(): void {
    const start = this.#offset;
    const pieces: Uint8Array[] = [];
    const chunks = this.columns.map((column, index) => this.#chunk(column, index, pieces));
    const bytes = this.#offset - start;
    this.#offset = start;
    this.#write(pieces);
    this.#groups.push(new ThriftStruct().structs(1, chunks).i64(2, bytes).i64(3, this.#held));
    this.#held = 0;
    for (const column of this.columns) column.clear();
  }

  #chunk(column: ParquetColumn, index: number, pieces: Uint8Array[]): ThriftStruct {
    const [name, type] = this.#field(index);
    const page = column.page();
    const header = pageHeader(this.#held, sizeOf(page)).bytes();
    const offset = this.#offset;
    const bytes = header.length + sizeOf(page);
    this.#offset += bytes;
    pieces.push(header, ...page);
    const meta = new ThriftStruct()
      .i32(1, physicalType(type))
      .i32s(2, [encodings.plain, encodings.hybrid])
      .texts(3, [name])
      .i32(4, uncompressed)
      .i64(5, this.#held)
      .i64(6, bytes)
      .i64(7, bytes)
      .i64(9, offset);
    return new ThriftStruct().i64(2, offset).struct(3, meta);
  }

  #footer(): ThriftStruct {
    const root = new ThriftStruct().text(4, 'rows').i32(5, this.#fields.length);
    return new ThriftStruct()
      .i32(1, 1)
      .structs(2, [root, ...this.#fields.map(schemaElement)])
      .i64(3, this.#rows)
      .structs(4, this.#groups);
  }

  #field(index: number): ParquetField {
    const field = this.#fields[index];
    if (field === undefined) throw new RangeError(`no column ${index}`);
    return field;
  }

  #write(pieces: readonly Uint8Array[]): void {
    let left = pieces;
    while (left.length > 0) {
      const some = left.slice(0, atOnce);
      writeAll(this.#fd, some);
      this.#offset += sizeOf(some);
      left = left.slice(atOnce);
    }
  }
}

/** Pieces that the system takes in one call. */
const atOnce = 512;

function writeAll(fd: number, pieces: readonly Uint8Array[]): void {
  const written = writevSync(fd, pieces);
  if (written < sizeOf(pieces)) {
    let skip = written;
    const rest = pieces.flatMap((piece) => {
      const cut = Math.min(skip, piece.length);
      skip -= cut;
      return cut === piece.length ? [] : [piece.subarray(cut)];
    });
    writeAll(fd, rest);
  }
}

function sizeOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

function pageHeader(rows: number, bytes: number): ThriftStruct {
  const data = new ThriftStruct()
    .i32(1, rows)
    .i32(2, encodings.plain)
    .i32(3, encodings.hybrid)
    .i32(4, encodings.hybrid);
  return new ThriftStruct().i32(1, dataPage).i32(2, bytes).i32(3, bytes).struct(5, data);
}

function schemaElement([name, type]: ParquetField): ThriftStruct {
  const element = new ThriftStruct().i32(1, physicalType(type)).i32(3, optional).text(4, name);
  const meaning = meanings[type.kind];
  if (meaning !== undefined) element.i32(6, meaning);
  return type.kind === 'decimal' ? element.i32(7, type.scale).i32(8, type.precision) : element;
}

const physicalTypes = { boolean: 0, int32: 1, int64: 2, byteArray: 6 } as const;

function physicalType({ kind }: ParquetType): number {
  switch (kind) {
    case 'text':
      return physicalTypes.byteArray;
    case 'integer':
    case 'date':
      return physicalTypes.int32;
    case 'boolean':
      return physicalTypes.boolean;
    case 'bigint':
    case 'decimal':
    case 'timestamp':
      return physicalTypes.int64;
  }
}

/** Parquet's converted types. */
const meanings: Readonly<Record<ParquetType['kind'], number | undefined>> = {
  text: 0,
  decimal: 5,
  date: 6,
  timestamp: 10,
  integer: undefined,
  bigint: undefined,
  boolean: undefined,
};
