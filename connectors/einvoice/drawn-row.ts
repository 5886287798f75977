import type { TableSource } from './shape.ts';

const noBytes = Buffer.alloc(0);

/**
 * A row being drawn: one value per field of its table. A value is a text, or, of a plain document, a stretch of its
 * bytes, which becomes a text only if somebody asks.
 */
export class DrawnRow {
  readonly table: TableSource;
  /** The first field that was given twice. */
  repeated: string | undefined;
  readonly #bytes: Buffer;
  /** Start and end of each slot's stretch; both 0 = none. */
  readonly #spans: number[];
  /** Texts of the slots that have one: they come before stretches. */
  readonly #texts: (string | undefined)[] = [];

  /** @param bytes - the document that stretches are of */
  constructor(table: TableSource, bytes: Buffer = noBytes) {
    this.table = table;
    this.#bytes = bytes;
    this.#spans = new Array<number>(table.fields.length * 2).fill(0);
  }

  /** Whether a slot has a value. */
  has(slot: number): boolean {
    return this.#texts[slot] !== undefined || (this.#spans[slot * 2 + 1] ?? 0) > 0;
  }

  /** The text of a slot; undefined = absent or empty. */
  text(slot: number): string | undefined {
    const text = this.#texts[slot];
    if (text !== undefined) return text;
    const to = this.#spans[slot * 2 + 1] ?? 0;
    return to === 0 ? undefined : this.#bytes.toString('utf8', this.#spans[slot * 2], to);
  }

  /** The text of a slot if it is kept as one. */
  ownText(slot: number): string | undefined {
    return this.#texts[slot];
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  /** Where the stretch of a slot begins; see {@link spanEnd}. */
  spanStart(slot: number): number {
    return this.#spans[slot * 2] ?? 0;
  }

  /** Where the stretch of a slot ends; 0 = none. */
  spanEnd(slot: number): number {
    return this.#spans[slot * 2 + 1] ?? 0;
  }

  /** The text of a slot if it is one character. */
  character(slot: number): string | undefined {
    const text = this.#texts[slot];
    if (text !== undefined) return text;
    const from = this.spanStart(slot);
    return this.spanEnd(slot) === from + 1
      ? String.fromCharCode(this.#bytes[from] ?? 0)
      : undefined;
  }

  /** Puts a text in the place of a value; an empty one is absent. */
  set(slot: number, text: string | undefined): void {
    const given = text === '' ? undefined : text;
    this.#texts[slot] = given;
    if (given === undefined) this.setSpan(slot, 0, 0);
  }

  setSpan(slot: number, from: number, to: number): void {
    this.#spans[slot * 2] = from;
    this.#spans[slot * 2 + 1] = to;
  }

  /** Rewrites a value where it is present; one that cannot be read stays, and typing will say so. */
  rewrite(slot: number, by: (text: string) => string | undefined): void {
    const value = this.text(slot);
    const written = value === undefined ? undefined : by(value);
    if (written !== undefined && written !== value) this.set(slot, written);
  }

  /** Takes a value from the document: a second one is joined, or noted where it is another. */
  take(slot: number, text: string): void {
    const before = this.text(slot);
    if (before === undefined) this.set(slot, text);
    else this.#takeAgain(slot, before, text);
  }

  /** {@link take} of a stretch of the document, without white space around it. */
  takeSpan(slot: number, from: number, to: number): void {
    if (this.has(slot)) this.take(slot, this.#bytes.toString('utf8', from, to));
    else this.setSpan(slot, from, to);
  }

  #takeAgain(slot: number, before: string, text: string): void {
    const field = this.table.fields[slot];
    if (field?.joined === true) this.set(slot, `${before} ${text}`);
    else if (before !== text) this.repeated ??= field?.column;
  }
}
