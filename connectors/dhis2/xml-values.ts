import { createReadStream } from 'node:fs';
import type { AppendValue, DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { XmlReader, type XmlAttributes, type XmlHandler } from '../decode/xml-reader.ts';
import { dhis2Trouble } from './dhis2-trouble.ts';
import { memberNames, valueColumns, type ValueColumn } from './value-columns.ts';

type Values = Partial<Record<ValueColumn, string>>;

/** Rows held before they are appended. */
const heldRows = 20_000;

/** Attributes of a set or group that are facts of its completion, not of its values. */
const setAttributes = new Set(['completeDate', 'comment', 'idScheme', 'completedDate']);

/**
 * Reads a data value set in dxf2 or ADX into a table of texts, streaming. What a set or group says (period, org unit,
 * attribute options) holds for its values unless they say otherwise. Throws data errors of {@link XmlReader}, and
 * `content-unknown` for another document.
 */
export async function readXmlValues(
  session: DecodeSession,
  file: LandedFile,
  into: string,
): Promise<void> {
  const appender = await session.appendTo(into, [
    { name: '_file', type: 'integer' },
    { name: '_row', type: 'bigint' },
    { name: '_malformed', type: 'varchar' },
    ...valueColumns.map((name) => ({ name, type: 'varchar' as const })),
  ]);
  const values = new ValueHandler(file.name);
  const reader = new XmlReader(values, file.name);
  let done = 0n;
  const flush = async () => {
    const rows = values.take();
    if (rows.length === 0) return;
    const first = done;
    await appender.append([
      rows.map(() => file.n),
      rows.map((_, at) => first + BigInt(at) + 1n),
      rows.map(() => null),
      ...valueColumns.map((name) => rows.map((row): AppendValue => row[name] ?? null)),
    ]);
    done += BigInt(rows.length);
  };
  for await (const chunk of createReadStream(file.path) as AsyncIterable<Uint8Array>) {
    reader.write(chunk);
    if (values.count >= heldRows) await flush();
  }
  reader.end();
  await flush();
  await appender.close();
}

/** Draws values from XML events. */
class ValueHandler implements XmlHandler {
  private readonly file: string;
  private rows: Values[] = [];
  private depth = 0;
  private isAdx = false;
  private group: Values = {};
  private current: Values | undefined;
  private annotation: string | undefined;

  constructor(file: string) {
    this.file = file;
  }

  get count(): number {
    return this.rows.length;
  }

  take(): readonly Values[] {
    const { rows } = this;
    this.rows = [];
    return rows;
  }

  open(local: string, _name: string, attributes: XmlAttributes): void {
    this.depth += 1;
    if (this.depth === 1) this.root(local, attributes);
    else if (local === 'group' && this.isAdx) this.group = this.read(attributes, true);
    else if (local === 'dataValue') this.current = this.merged(this.read(attributes, false));
    else if (this.current !== undefined) this.annotation = '';
  }

  text(text: string): void {
    if (this.annotation !== undefined) this.annotation += text;
  }

  close(local: string): void {
    this.depth -= 1;
    if (local === 'dataValue' && this.current !== undefined) {
      this.rows.push(this.current);
      this.current = undefined;
    } else if (local === 'annotation' && this.current && this.annotation !== undefined)
      this.current = { ...this.current, comment: this.annotation };
    this.annotation = undefined;
  }

  instruction(): void {
    // Processing instructions say nothing about values.
  }

  private root(local: string, attributes: XmlAttributes): void {
    if (local !== 'dataValueSet' && local !== 'adx')
      throw dhis2Trouble('content-unknown', `${this.file}: <${local}>`);
    this.isAdx = local === 'adx';
    if (!this.isAdx) this.group = this.read(attributes, true);
  }

  private merged(own: Values): Values {
    const parts = [this.group.disaggregation, own.disaggregation].filter(
      (part) => part !== undefined && part !== '',
    );
    return { ...this.group, ...own, disaggregation: parts.join('|') };
  }

  /** Empty attributes say nothing; unknown ones of ADX are disaggregations, in the order of their names. */
  private read(attributes: XmlAttributes, ofSet: boolean): Values {
    const values: Record<string, string> = {};
    const breakdown: string[] = [];
    for (const [name, value] of Object.entries(attributes)) {
      const known = ofSet && setAttributes.has(name) ? undefined : memberNames[name];
      if (known !== undefined && (value !== '' || !ofSet)) values[known] = value;
      else if (this.isAdx && !name.startsWith('xmlns') && !setAttributes.has(name))
        breakdown.push(`${name}=${value}`);
    }
    return breakdown.length === 0
      ? values
      : { ...values, disaggregation: breakdown.sort().join('|') };
  }
}
