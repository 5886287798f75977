import { failureOf } from '../../core/errors.ts';
import { readXml, type XmlHandler } from '../decode/xml-reader.ts';
import { checkInTable, claimTables, type ClaimTable } from './claim-tables.ts';
import { claimsTrouble } from './claims-trouble.ts';
import { TableReader, type DrawnRow } from './table-reader.ts';

/** What a package says of itself, and what was found in it. */
export interface PackageFacts {
  readonly name: string;
  facility: string;
  madeOn: string;
  declared: string;
  found: number;
  unreadable: number;
  signed: boolean;
  edition: '3176' | '4750' | undefined;
}

/** One claim (HOSO) of a package. */
export interface ClaimFacts {
  facility: string;
  treatment: string;
  /** Why it cannot be read, and in which table. */
  bad: string | undefined;
  badTable: string | undefined;
}

/** Takes what a package holds, in its order. */
export interface PackageListener {
  row(table: ClaimTable, row: DrawnRow): void;
  claim(claim: ClaimFacts): void;
  package(facts: PackageFacts): void;
}

/** Marks of the editions of the tables (XML13). */
const editionMarks = {
  '3176': ['MA_CSKCB_DI', 'MA_CSKCB_DEN', 'TINH_TRANG_CT'],
  '4750': ['MA_NOI_DI', 'MA_NOI_DEN', 'TEN_DICH_VU', 'TEN_THUOC'],
} as const;

/** What the reader is told of field names. */
export type FieldNames = Readonly<Record<string, string>>;

/**
 * Reads one package: the envelope as it streams by, each of its base64 tables when it has come. A table that cannot be
 * read makes its claim bad, not the package; a root that is neither package nor check-in is `foreign`.
 */
export class PackageReader implements XmlHandler {
  private readonly names: FieldNames;
  private readonly listener: PackageListener;
  private readonly facts: PackageFacts;
  private readonly path: string[] = [];
  private claim: ClaimFacts | undefined;
  private part = { kind: '', content: '' };
  private held = '';
  private checkIns: TableReader | undefined;
  /** Name of the root when the document is none of ours. */
  foreign: string | undefined;
  readonly unknown = new Map<string, number>();

  constructor(name: string, names: FieldNames, listener: PackageListener) {
    this.names = names;
    this.listener = listener;
    this.facts = {
      name,
      facility: '',
      madeOn: '',
      declared: '',
      found: 0,
      unreadable: 0,
      signed: false,
      edition: undefined,
    };
  }

  open(local: string): void {
    const element = local.toUpperCase();
    this.path.push(element);
    this.held = '';
    if (this.path.length === 1) this.root(element);
    if (this.checkIns) this.checkIns.open(local);
    else if (element === 'HOSO') this.claim = emptyClaim();
    else if (element === 'FILEHOSO') this.part = { kind: '', content: '' };
    else if (this.path.at(-2) === 'CHUKYDONVI') this.facts.signed = true;
  }

  text(text: string): void {
    if (this.checkIns) this.checkIns.text(text);
    else this.held += text;
  }

  close(): void {
    const element = this.path.pop() ?? '';
    if (this.checkIns) this.checkIns.close();
    else if (this.foreign === undefined) this.closed(element, this.held);
    this.held = '';
    if (this.path.length === 0) this.end();
  }

  instruction(): void {
    // Processing instructions say nothing about claims.
  }

  private root(element: string): void {
    if (element === 'GIAMDINHHS') return;
    if (!element.includes('TRANG_THAI_KCB')) this.foreign = element;
    else {
      this.claim = emptyClaim();
      this.checkIns = this.rowsOf(checkInTable, this.claim);
    }
  }

  private closed(element: string, text: string): void {
    const value = text.trim();
    if (element === 'FILEHOSO') this.partEnds();
    else if (element === 'HOSO') this.claimEnds();
    else if (element === 'LOAIHOSO') this.part.kind = value.toUpperCase();
    else if (element === 'NOIDUNGFILE') this.part.content = text;
    else if (element === 'MACSKCB') this.facts.facility ||= value;
    else if (element === 'NGAYLAP') this.facts.madeOn ||= value;
    else if (element === 'SOLUONGHOSO') this.facts.declared ||= value;
    else if (element === 'CHUKYDONVI') this.facts.signed ||= value !== '';
  }

  private claimEnds(): void {
    if (this.claim === undefined) return;
    this.facts.found += 1;
    if (this.claim.bad !== undefined) this.facts.unreadable += 1;
    this.listener.claim(this.claim);
    this.claim = undefined;
  }

  private end(): void {
    if (this.foreign !== undefined) return;
    if (this.checkIns) {
      this.claimEnds();
      this.count(this.checkIns.unknown, checkInTable.name);
    }
    this.listener.package(this.facts);
  }

  private partEnds(): void {
    const { kind, content } = this.part;
    const table = claimTables.find(({ name }) => name === kind);
    if (table === undefined) this.count(new Map([['LOAIHOSO', 1]]), kind);
    else if (content.trim() !== '' && this.claim) this.readPart(table, content, this.claim);
    this.part = { kind: '', content: '' };
  }

  private readPart(table: ClaimTable, content: string, claim: ClaimFacts): void {
    const rows = this.rowsOf(table, claim);
    try {
      readXml(decoded(content, table.name), `${this.facts.name}/${table.name}`, rows);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.group !== 'data') throw error;
      claim.bad ??= failure.code;
      claim.badTable ??= table.name;
    }
    this.count(rows.unknown, table.name);
  }

  private rowsOf(table: ClaimTable, claim: ClaimFacts): TableReader {
    const own = new Set(['MA_LK', ...table.fields.map(({ name }) => name)]);
    const nameOf = (element: string): string | undefined => {
      if (table.name === 'XML13') this.sawEdition(element);
      if (own.has(element)) return element;
      const other = this.names[element];
      return other !== undefined && own.has(other) ? other : undefined;
    };
    return new TableReader(nameOf, (row) => {
      const isClaim = table.name === 'XML1';
      const treatment = row.values.get('MA_LK') ?? '';
      if (table !== checkInTable && (isClaim || claim.treatment === ''))
        claim.treatment = treatment;
      if (isClaim) claim.facility ||= row.values.get('MA_CSKCB') ?? '';
      this.listener.row(table, row);
    });
  }

  private sawEdition(element: string): void {
    if (editionMarks['3176'].some((mark) => mark === element)) this.facts.edition = '3176';
    else if (editionMarks['4750'].some((mark) => mark === element)) this.facts.edition ??= '4750';
  }

  private count(unknown: ReadonlyMap<string, number>, table: string): void {
    for (const [element, times] of unknown) {
      const key = `${table}/${element}`;
      this.unknown.set(key, (this.unknown.get(key) ?? 0) + times);
    }
  }
}

function emptyClaim(): ClaimFacts {
  return { facility: '', treatment: '', bad: undefined, badTable: undefined };
}

function decoded(content: string, table: string): Uint8Array {
  const text = content.replaceAll(/\s+/g, '');
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text))
    throw claimsTrouble('claims-not-base64', table);
  return Buffer.from(text, 'base64');
}
