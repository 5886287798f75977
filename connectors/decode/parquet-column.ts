import { pushVarint } from './thrift-compact.ts';

const firstBytes = 1 << 10;
const firstRows = 1 << 10;
/** Stretches up to this length are copied byte by byte: a call would cost more. */
const shortBytes = 48;
const two32 = 2 ** 32;

/** The values of one optional column between two row groups, in Parquet's PLAIN encoding. */
export class ParquetColumn {
  #data = Buffer.allocUnsafe(firstBytes);
  #at = 0;
  /** One bit a row: whether it has a value. */
  #present = new Uint8Array(firstRows / 8);
  #rows = 0;
  #values = 0;

  /** Bytes of values held. */
  get bytesHeld(): number {
    return this.#at;
  }

  null(): void {
    if (this.#rows >> 3 >= this.#present.length) this.#growRows();
    this.#rows += 1;
  }

  /** Text that stands in other bytes as UTF-8. */
  bytes(source: Uint8Array, from: number, to: number): void {
    const length = to - from;
    this.#lengthFirst(length);
    const data = this.#data;
    let at = this.#at;
    if (length > shortBytes) data.set(source.subarray(from, to), at);
    else for (let i = from; i < to; i += 1) data[at++] = source[i] ?? 0;
    this.#at += length;
  }

  text(text: string): void {
    const length = Buffer.byteLength(text);
    this.#lengthFirst(length);
    this.#data.write(text, this.#at);
    this.#at += length;
  }

  int32(value: number): void {
    this.#value(4);
    this.#word(value);
  }

  int64(value: number | bigint): void {
    this.#value(8);
    if (typeof value === 'bigint') this.#at = this.#data.writeBigInt64LE(value, this.#at);
    else {
      const high = Math.floor(value / two32);
      this.#word(value - high * two32);
      this.#word(high);
    }
  }

  boolean(value: boolean): void {
    const bit = this.#values & 7;
    this.#value(bit === 0 ? 1 : 0);
    if (bit === 0) this.#data[this.#at++] = 0;
    if (value) this.#data[this.#at - 1] = (this.#data[this.#at - 1] ?? 0) | (1 << bit);
  }

  /** What a data page of all rows consists of: definition levels, then values. Holds until {@link clear}. */
  page(): readonly Uint8Array[] {
    return [levels(this.#rows, this.#values, this.#present), this.#data.subarray(0, this.#at)];
  }

  clear(): void {
    this.#present.fill(0);
    this.#rows = 0;
    this.#values = 0;
    this.#at = 0;
  }

  #lengthFirst(length: number): void {
    this.#value(4 + length);
    this.#word(length);
  }

  /** Notes a value and makes room for its bytes. */
  #value(bytes: number): void {
    const row = this.#rows;
    if (row >> 3 >= this.#present.length) this.#growRows();
    this.#present[row >> 3] = (this.#present[row >> 3] ?? 0) | (1 << (row & 7));
    this.#rows = row + 1;
    this.#values += 1;
    if (this.#at + bytes > this.#data.length) this.#growData(bytes);
  }

  #word(value: number): void {
    const data = this.#data;
    const at = this.#at;
    data[at] = value;
    data[at + 1] = value >>> 8;
    data[at + 2] = value >>> 16;
    data[at + 3] = value >>> 24;
    this.#at = at + 4;
  }

  #growData(bytes: number): void {
    const larger = Buffer.allocUnsafe(Math.max(this.#data.length * 2, this.#at + bytes));
    larger.set(this.#data.subarray(0, this.#at));
    this.#data = larger;
  }

  #growRows(): void {
    const larger = new Uint8Array(this.#present.length * 2);
    larger.set(this.#present);
    this.#present = larger;
  }
}

/** Definition levels of one bit, in Parquet's hybrid of runs and packed bits, their length before them. */
function levels(rows: number, values: number, present: Uint8Array): Uint8Array {
  const head: number[] = [];
  const alike = values === 0 || values === rows;
  const packed = alike ? Uint8Array.of(values === 0 ? 0 : 1) : present.subarray(0, (rows + 7) >> 3);
  pushVarint(head, alike ? rows * 2 : packed.length * 2 + 1);
  const whole = Buffer.allocUnsafe(4 + head.length + packed.length);
  whole.writeUInt32LE(head.length + packed.length, 0);
  whole.set(head, 4);
  whole.set(packed, 4 + head.length);
  return whole;
}
