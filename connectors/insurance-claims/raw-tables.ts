import type { AppendValue, ColumnAppender, DecodeSession } from '../../warehouse/decode-session.ts';
import { claimTables, tableOf, type ClaimTable } from './claim-tables.ts';
import type { ClaimFacts, PackageFacts, PackageListener } from './package-reader.ts';
import type { DrawnRow } from './table-reader.ts';

/** Rows held before they are appended. */
const heldRows = 20_000;

/** Name of the table of texts of a claim table: `_file`, `_row`, `_malformed`, `_claim`, `treatment` and its columns. */
export function rawTable(table: ClaimTable): string {
  return `raw_${table.stream}`;
}

const packageColumns = [
  'name',
  'facility',
  'made_on',
  'declared',
  'found',
  'unreadable',
  'is_signed',
  'edition',
] as const;

/** Rows of one table on their way to the engine. */
class HeldTable {
  appender: ColumnAppender | undefined;
  rows = 0;
  held: AppendValue[][] = [];
}

/**
 * Takes what packages hold into temporary tables of texts: one for each claim table that has rows, `raw_claims` (one row
 * a HOSO) and `raw_packages`. Rows are held until {@link flush}, so that reading may stay synchronous.
 */
export class RawTables implements PackageListener {
  private readonly session: DecodeSession;
  private readonly tables = new Map<string, HeldTable>();
  private file = 0;
  private publishedAt: string | null = null;
  private claims = 0;
  private packages = 0;
  private held = 0;

  constructor(session: DecodeSession) {
    this.session = session;
  }

  /** Says which landed file the following packages are of, and when it was published (ISO instant). */
  begin(file: number, publishedAt: string | null): void {
    this.file = file;
    this.publishedAt = publishedAt;
  }

  row(table: ClaimTable, { values, repeated }: DrawnRow): void {
    this.rawRow(table, values, repeated === undefined ? null : 'field-repeated');
  }

  claim({ facility, treatment, bad, badTable }: ClaimFacts): void {
    if (bad !== undefined && badTable !== undefined) this.rawRow(tableOf(badTable), new Map(), bad);
    this.put('raw_claims', [
      this.file,
      this.claims,
      this.packages,
      facility === '' ? null : facility,
      treatment === '' ? null : treatment,
      bad ?? null,
    ]);
    this.claims += 1;
  }

  package(facts: PackageFacts): void {
    this.put('raw_packages', [
      this.file,
      this.packages,
      this.publishedAt,
      facts.name,
      facts.facility,
      facts.madeOn,
      facts.declared,
      String(facts.found),
      String(facts.unreadable),
      facts.signed ? '1' : '0',
      facts.edition ?? null,
    ]);
    this.packages += 1;
  }

  /** How many packages were read. */
  get packageCount(): number {
    return this.packages;
  }

  /** Whether a claim table has any rows. */
  has(table: ClaimTable): boolean {
    return this.tables.has(rawTable(table));
  }

  /** Gives held rows to the engine, if they are many. */
  async flush(least = heldRows): Promise<void> {
    if (this.held < least) return;
    for (const [name, table] of this.tables) {
      if (table.held.length === 0) continue;
      table.appender ??= await this.session.appendTo(name, columnsOf(name));
      const { held } = table;
      const width = held[0]?.length ?? 0;
      await table.appender.append(
        Array.from({ length: width }, (_, at) => held.map((row) => row[at] ?? null)),
      );
      table.held = [];
    }
    this.held = 0;
  }

  /** Says that nothing more comes; the tables can be read. */
  async end(): Promise<void> {
    for (const name of ['raw_claims', 'raw_packages']) this.held_(name);
    await this.flush(0);
    for (const [name, table] of this.tables) {
      table.appender ??= await this.session.appendTo(name, columnsOf(name));
      await table.appender.close();
    }
  }

  private rawRow(
    table: ClaimTable,
    values: ReadonlyMap<string, string>,
    malformed: string | null,
  ): void {
    const name = rawTable(table);
    const row = this.held_(name).rows + 1;
    this.put(name, [
      this.file,
      row,
      malformed,
      this.claims,
      values.get('MA_LK') ?? null,
      ...table.fields.map((field) => values.get(field.name) ?? null),
    ]);
  }

  private put(name: string, row: AppendValue[]): void {
    const table = this.held_(name);
    table.held.push(row);
    table.rows += 1;
    this.held += 1;
  }

  private held_(name: string): HeldTable {
    const known = this.tables.get(name);
    if (known) return known;
    const made = new HeldTable();
    this.tables.set(name, made);
    return made;
  }
}

function columnsOf(name: string): Parameters<DecodeSession['appendTo']>[1] {
  if (name === 'raw_packages')
    return [
      { name: '_file', type: 'integer' },
      { name: 'package', type: 'bigint' },
      { name: 'published', type: 'varchar' },
      ...packageColumns.map((column) => ({ name: column, type: 'varchar' as const })),
    ];
  if (name === 'raw_claims')
    return [
      { name: '_file', type: 'integer' },
      { name: '_claim', type: 'bigint' },
      { name: 'package', type: 'bigint' },
      { name: 'facility', type: 'varchar' },
      { name: 'treatment', type: 'varchar' },
      { name: 'bad', type: 'varchar' },
    ];
  const table = claimTables.find((one) => rawTable(one) === name);
  return [
    { name: '_file', type: 'integer' },
    { name: '_row', type: 'bigint' },
    { name: '_malformed', type: 'varchar' },
    { name: '_claim', type: 'bigint' },
    { name: 'treatment', type: 'varchar' },
    ...(table?.fields ?? []).map(({ column }) => ({ name: column, type: 'varchar' as const })),
  ];
}
