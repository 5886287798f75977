import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ParquetWriter } from '../../connectors/decode/parquet-writer.ts';
import type { ParsedTask } from '../../connectors/einvoice/parse-task.ts';
import { amountSeparator } from '../../connectors/einvoice/invoice-parts.ts';
import { DrawnRow } from '../../connectors/einvoice/drawn-row.ts';
import { rowFile, RowWriter } from '../../connectors/einvoice/row-writer.ts';
import type { RowCounts, RowForm } from '../../connectors/einvoice/row-writer.ts';
import { invoiceTable, packedFields } from '../../connectors/einvoice/tables.ts';
import type { PackedTable } from '../../connectors/einvoice/tables.ts';
import { typedRows } from '../../connectors/einvoice/typed-sql.ts';
import { openSession } from './einvoice-session.ts';

/** Texts as vendors write them: good ones, odd ones and wrong ones. */
const texts = fc.oneof(
  fc.constantFrom(
    ...[
      '0',
      '-0',
      '5.',
      '.5',
      '+7',
      '1e3',
      '00012',
      '1,5',
      '1_000',
      'NaN',
      'inf',
      '0x10',
      '-',
      '8%',
    ],
    ...[
      '123456789012',
      '1234567890123',
      '999999999999.999999',
      '0.0000005',
      '1.1234567',
      '-0.000001',
    ],
    ...[
      '2026-02-28',
      '2026-02-29',
      '2024-02-29',
      '2026-13-01',
      '0001-01-01',
      '20260228',
      '2026-2-8',
    ],
    ...['2026-10-31 23:15:00', '2026-10-31 24:00:00', '2026-02-30 10:00:00', 'true', 'false', 't'],
    ...[
      'Hải Phòng',
      'hai\ndòng',
      '"',
      "'",
      ' 5',
      'KCT',
      'KHAC:5.25%',
      '2147483648',
      '9223372036854775808',
    ],
    ...['99999.99999', '999999.9999', '1234567', `1${amountSeparator}2.5`, `1${amountSeparator}x`],
  ),
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.stringMatching(/^-?[0-9]{1,14}([.][0-9]{1,8})?$/),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)),
);

describe('rows of e-invoices', () => {
  it.each(['invoice', 'line', 'tax_rate', 'original', 'summary', 'summary_line'] as const)(
    '%s: what is read with its types at once is what a second look would give',
    async (table) => {
      const session = await openSession([], []);
      const directory = mkdtempSync(join(tmpdir(), 'phusa-rows-'));
      try {
        const prefix = join(directory, 'rows');
        const plain = writeRows(prefix, table);
        expect(plain).toBeGreaterThan(30);
        const compared = await session.rows(`with a as (${selected(table, prefix, 'plain', plain)}),
          b as (${selected(table, `${prefix}-again`, 'odd', plain)})
          select (select count(*) from (from a except all from b)) as missing,
            (select count(*) from (from b except all from a)) as more, (select count(*) from b) as both`);
        expect(compared).toEqual([{ missing: '0', more: '0', both: String(plain) }]);
      } finally {
        session.close();
        rmSync(directory, { recursive: true });
      }
    },
  );
});

/** Writes rows with one arbitrary value each, so that many are plain; these also as odd ones. Gives their number. */
function writeRows(prefix: string, table: PackedTable): number {
  const fields = packedFields[table];
  const writer = new RowWriter(prefix, 0);
  const again = oddWriter(`${prefix}-again`, table);
  const row = (values: readonly (string | undefined)[]): DrawnRow => {
    const drawn = new DrawnRow({ name: table, paths: [], fields, children: [] });
    for (const [slot, value] of values.entries()) drawn.set(slot, value);
    return drawn;
  };
  const good: readonly (string | undefined)[] = fields.map(({ type, required }) =>
    required !== true ? undefined : type === 'date' ? '2026-07-31' : '1',
  );
  const invoice = new DrawnRow(invoiceTable);
  fc.assert(
    fc.property(fc.nat(fields.length - 1), texts, (slot, text) => {
      const values = good.with(slot, text);
      const number = writer.count(table) + 1;
      if (writer.add(table, 1, row(values), invoice) === 'plain') again.add(number, values);
    }),
    { numRuns: 4000, seed: 20260731 },
  );
  again.end();
  return writer.end()[table].plain;
}

/** Writes rows as texts to be judged. */
function oddWriter(prefix: string, table: PackedTable) {
  const names = ['repeated', ...packedFields[table].map(({ column }) => `raw_${column}`)];
  const file = new ParquetWriter(rowFile(prefix, table, 'odd'), [
    ...(['task', 'row', 'parent'] as const).map((name) => [name, { kind: 'integer' }] as const),
    ...names.map((name) => [name, { kind: 'text' }] as const),
  ]);
  return {
    add: (row: number, values: readonly (string | undefined)[]) => {
      const [task, number, parent, repeated, ...raw] = file.columns;
      task?.int32(0);
      number?.int32(row);
      parent?.int32(1);
      repeated?.null();
      raw.forEach((column, slot) => {
        const value = values[slot];
        if (value === undefined) column.null();
        else column.text(value);
      });
      file.endRow();
    },
    end: () => file.end(),
  };
}

function selected(table: PackedTable, rows: string, form: RowForm, count: number): string {
  const none = { plain: 0, odd: 0 };
  const counts: RowCounts = {
    ...{ invoice: none, line: none, tax_rate: none, original: none, summary: none },
    ...{ summary_line: none, [table]: { ...none, [form]: count } },
  };
  const file = {
    ...{ n: 0, name: 'tep.xml', path: '', sha256: '', bytes: 0, mediaType: undefined },
    ...{ request: undefined, receivedAt: '' },
  };
  const task: ParsedTask = {
    task: { task: 0, path: '', file: 'tep.xml', members: undefined, rows },
    ...{ file, rows: counts, foreign: [], unknown: new Map() },
  };
  return `select * exclude (fault, raw), fault is null as good from ${typedRows(table, [task])}`;
}
