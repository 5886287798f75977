import { localName } from './xml-local-name.ts';

/** A name of a plain document. */
export interface PlainName {
  readonly name: string;
  readonly local: string;
  readonly bytes: Uint8Array;
}

/** Names that are remembered: documents of one kind have few. */
const remembered = 5000;
/** More places than names, a power of two. */
const places = 1 << 14;

/**
 * Names met in documents, each under a number from 0, found by their bytes. Numbers hold until {@link tidy}.
 */
export class PlainNames {
  readonly #names: PlainName[] = [];
  /** Number + 1 of the name at each place; a name stands at the first free place from its hash on. */
  readonly #placed = new Int32Array(places);

  /** The name under a number. */
  at(number: number): PlainName {
    const name = this.#names[number];
    if (name === undefined) throw new RangeError(`no name ${number}`);
    return name;
  }

  /** The number of the name at `bytes[from, to)`; `hash` is any number that equal names share. */
  number(bytes: Buffer, from: number, to: number, hash: number): number {
    for (let place = hash & (places - 1); ; place = (place + 1) & (places - 1)) {
      const number = (this.#placed[place] ?? 0) - 1;
      if (number < 0) return this.#add(bytes, from, to, place);
      if (this.isAt(number, bytes, from, to)) return number;
    }
  }

  /** Whether a name is what stands at `bytes[from, to)`. */
  isAt(number: number, bytes: Uint8Array, from: number, to: number): boolean {
    const own = this.at(number).bytes;
    if (own.length !== to - from) return false;
    for (let i = 0; i < own.length; i += 1) if (own[i] !== bytes[from + i]) return false;
    return true;
  }

  /** Forgets all names if there are too many; between documents. */
  tidy(): void {
    if (this.#names.length < remembered) return;
    this.#names.length = 0;
    this.#placed.fill(0);
  }

  /** Whether one document has more names than are to be remembered. */
  get isFull(): boolean {
    return this.#names.length > 2 * remembered;
  }

  #add(bytes: Buffer, from: number, to: number, place: number): number {
    const name = bytes.toString('latin1', from, to);
    const own = Uint8Array.prototype.slice.call(bytes, from, to);
    this.#names.push({ name, local: localName(name), bytes: own });
    this.#placed[place] = this.#names.length;
    return this.#names.length - 1;
  }
}
