import type { XmlHandler } from '../decode/xml-reader.ts';
import { claimsTrouble } from './claims-trouble.ts';

/** A row as its elements came: values by element name. */
export interface DrawnRow {
  readonly values: ReadonlyMap<string, string>;
  /** The first field that was given twice with different values. */
  readonly repeated: string | undefined;
}

/** Rows that one table of one claim may have. */
const mostRows = 200_000;

interface Frame {
  readonly name: string;
  values: Map<string, string> | undefined;
  repeated: string | undefined;
  hasChildren: boolean;
}

/**
 * Draws rows from a table's XML whatever its root and row elements are called: an element that has fields as its children
 * is a row. Empty elements are absent values; elements that are no field are counted in `unknown`.
 */
export class TableReader implements XmlHandler {
  private readonly frames: Frame[] = [];
  private readonly nameOf: (element: string) => string | undefined;
  private readonly take: (row: DrawnRow) => void;
  private text_ = '';
  private rows = 0;
  /** How often each unknown element held a value. */
  readonly unknown = new Map<string, number>();

  /**
   * @param nameOf - the field of an element, by its name in upper case
   * @param take - is given each row
   */
  constructor(nameOf: (element: string) => string | undefined, take: (row: DrawnRow) => void) {
    this.nameOf = nameOf;
    this.take = take;
  }

  open(local: string): void {
    const around = this.frames.at(-1);
    if (around) around.hasChildren = true;
    this.frames.push({
      name: local.toUpperCase(),
      values: undefined,
      repeated: undefined,
      hasChildren: false,
    });
    this.text_ = '';
  }

  text(text: string): void {
    this.text_ += text;
  }

  close(): void {
    const frame = this.frames.pop();
    if (frame === undefined) return;
    if (frame.values) this.finish(frame, frame.values);
    else if (!frame.hasChildren) this.leaf(frame.name, this.text_.trim());
    this.text_ = '';
  }

  instruction(): void {
    // Style sheets say nothing about rows.
  }

  private leaf(element: string, value: string): void {
    const row = this.frames.at(-1);
    if (row === undefined) return;
    const name = this.nameOf(element);
    if (name === undefined) {
      if (value !== '') this.unknown.set(element, (this.unknown.get(element) ?? 0) + 1);
      return;
    }
    row.values ??= new Map();
    const before = row.values.get(name);
    if (before !== undefined && before !== '' && value !== '' && before !== value)
      row.repeated ??= name;
    else if (value !== '' || before === undefined) row.values.set(name, value);
  }

  private finish({ repeated, name }: Frame, values: ReadonlyMap<string, string>): void {
    this.rows += 1;
    if (this.rows > mostRows) throw claimsTrouble('claims-too-many-rows', name);
    this.take({ values, repeated });
  }
}
