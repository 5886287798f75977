/** Types of the compact protocol of Apache Thrift that Parquet's metadata needs. */
const types = { i32: 5, i64: 6, binary: 8, list: 9, struct: 12 } as const;

/**
 * Writes a struct in the compact protocol of Apache Thrift, the fields in rising order of their numbers.
 * https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */
export class ThriftStruct {
  readonly #out: number[] = [];
  #last = 0;

  i32(field: number, value: number): this {
    return this.#head(field, types.i32).#zigzag(value);
  }

  i64(field: number, value: number): this {
    return this.#head(field, types.i64).#zigzag(value);
  }

  text(field: number, value: string): this {
    return this.#head(field, types.binary).#binary(value);
  }

  i32s(field: number, values: readonly number[]): this {
    this.#head(field, types.list).#listHead(values.length, types.i32);
    for (const value of values) this.#zigzag(value);
    return this;
  }

  texts(field: number, values: readonly string[]): this {
    this.#head(field, types.list).#listHead(values.length, types.binary);
    for (const value of values) this.#binary(value);
    return this;
  }

  struct(field: number, value: ThriftStruct): this {
    return this.#head(field, types.struct).#raw(value.bytes());
  }

  structs(field: number, values: readonly ThriftStruct[]): this {
    this.#head(field, types.list).#listHead(values.length, types.struct);
    for (const value of values) this.#raw(value.bytes());
    return this;
  }

  /** The struct as written, with its end. */
  bytes(): Uint8Array {
    return Uint8Array.from([...this.#out, 0]);
  }

  #head(field: number, type: number): this {
    this.#out.push(((field - this.#last) << 4) | type);
    this.#last = field;
    return this;
  }

  #listHead(size: number, type: number): void {
    if (size < 15) this.#out.push((size << 4) | type);
    else {
      this.#out.push(0xf0 | type);
      pushVarint(this.#out, size);
    }
  }

  #binary(value: string): this {
    const bytes = Buffer.from(value);
    pushVarint(this.#out, bytes.length);
    return this.#raw(bytes);
  }

  #zigzag(value: number): this {
    pushVarint(this.#out, value < 0 ? -2 * value - 1 : 2 * value);
    return this;
  }

  #raw(bytes: Uint8Array): this {
    for (const byte of bytes) this.#out.push(byte);
    return this;
  }
}

/** Appends a number from 0 to 2^53 − 1, seven bits a byte, the lowest first. */
export function pushVarint(out: number[], value: number): void {
  let left = value;
  for (; left >= 0x80; left = Math.floor(left / 0x80)) out.push((left % 0x80) | 0x80);
  out.push(left);
}
