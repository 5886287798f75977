import type { StreamContract } from '../../core/stream-contract.ts';
import type { Field } from './field.ts';
import { invoiceFields, keyFields } from './invoice-fields.ts';
import { hasRows, judgedRows, loadColumns, plainRows, typedRows } from './typed-sql.ts';
import type { ParsedTask } from './parse-task.ts';
import type { PackedTable } from './tables.ts';
import { packedFields } from './tables.ts';

/** Sums may miss totals by rounding: one đồng, or one unit of a foreign currency's smallest two places a line. */
const tolerance = `case when coalesce(t.currency, 'VND') = 'VND' then 1::decimal(21,6)
    else greatest(0.01::decimal(21,6), 0.01::decimal(21,6) * greatest(coalesce(t.lines, 0), 1)) end`;

/** Wall time to instant; Vietnam is at +07:00. A cast of text would start the engine's calendars for each statement. */
const instant = (wall: string): string => `to_timestamp(epoch(${wall}) - 25200)`;

/** When an invoice was published, from the wall time of its signature. */
const publishedAt = (signed: string): string => `coalesce(${instant(signed)}, t.published)`;

/** Promotions and notes carry no value, trade discounts are lines of their own (`invoice-parts.ts`). */
const discounts = 'coalesce(t.discounts, 0)';
const fees = 'coalesce(t.fees, 0)';
const lineBase = 'coalesce(t.total_before_tax, t.total)';

/**
 * Computed columns of an invoice by name. Sign conventions of trade discounts (lines of nature 3, `TTCKTMai`) differ
 * per vendor: a total matches when any convention makes it match. NULL = nothing to compare.
 */
export const invoiceChecks: Readonly<Record<string, string>> = {
  is_coded: `t.series like 'C%'`,
  series_year: `2000 + try_cast(substr(t.series, 2, 2) as integer)`,
  series_kind: `nullif(substr(t.series, 4, 1), '')`,
  line_count: `t.lines`,
  fee_total: `${fees}::decimal(21,6)`,
  signed_after_issue: `t.signed_at::date >= t.issue_date`,
  line_total_matches: `abs(t.goods - ${discounts} - ${lineBase}) <= ${tolerance}
    or abs(t.goods + ${discounts} - ${lineBase}) <= ${tolerance}
    or abs(t.goods - coalesce(t.trade_discount, 0) - ${lineBase}) <= ${tolerance}`,
  tax_total_matches: `abs(t.taxes - t.total_tax) <= ${tolerance}`,
  grand_total_matches: `least(
    abs(t.total - (t.total_before_tax + coalesce(t.total_tax, 0) + ${fees})),
    abs(t.total - (t.total_before_tax + coalesce(t.total_tax, 0) + ${fees} - coalesce(t.trade_discount, 0))),
    abs(t.total - (t.total_before_tax + coalesce(t.total_tax, 0) + ${fees} - coalesce(t.other_deduction, 0)))
  ) <= ${tolerance}`,
};

/**
 * `decoded_invoice`: one row an invoice.
 * @param kind - a view leaves the rows where they are
 */
export function decodedInvoiceSql(tasks: readonly ParsedTask[], kind: 'view' | 'table'): string {
  return `create temp ${kind} decoded_invoice as
select ${columnsOf(invoiceFields, 't')},
  ${Object.entries(invoiceChecks)
    .map(([name, sql]) => `${sql} as ${name}`)
    .join(',\n  ')},
  ${loadColumns()}, ${publishedAt('t.signed_at')} as _published_at
from ${typedRows('invoice', tasks)} t`;
}

/** A filtered row for each document that is no invoice, from the table `einvoice_foreign`. */
export const foreignDocumentsSql = `insert into decoded_invoice by name
select file as _file,
  (select count(*) from decoded_invoice) + row_number() over (order by file, name) as _row,
  'filtered' as _status, 'not-an-invoice' as _reason, root as _field, name as _value
from einvoice_foreign`;

const numericRate = `try_cast(replace(replace(upper(t.tax_rate), 'KHAC:', ''), '%', '') as decimal(7,4))`;

/** Computed columns of a child of the invoice. */
const childChecks: Partial<Record<PackedTable, readonly string[]>> = {
  line: [
    `${numericRate} as tax_rate_percent`,
    'abs(try(t.quantity * t.unit_price) - coalesce(t.discount, 0) - t.amount) <= 1 as amount_matches',
  ],
  tax_rate: [`${numericRate} as tax_rate_percent`],
};

const withoutKey = `case when ${keyFields.map(({ column }) => `p.${column} is null`).join(' or ')}
  then struct_pack(code := 'invoice-without-key', field := null::varchar, value := null::varchar) end`;

/** View `decoded_invoice_line` and its like, with the key of their invoice. Comes after `decoded_invoice`. */
export function decodedChildSql(
  table: 'line' | 'tax_rate' | 'original',
  tasks: readonly ParsedTask[],
): string {
  const forms = [
    ...(hasRows(table, tasks, 'plain') ? [plainChildren(table, tasks)] : []),
    ...(hasRows(table, tasks, 'odd') ? [oddChildren(table, tasks)] : []),
  ];
  return `create temp view decoded_invoice_${table} as ${forms.join(' union all ')}`;
}

/** Plain rows bring the key and the signing time of their invoice. */
function plainChildren(table: PackedTable, tasks: readonly ParsedTask[]): string {
  const key = keyFields.map(({ column }) => `t.parent_${column} as ${column}`).join(', ');
  return `select ${key}, ${childColumns(table)}, ${loadColumns()},
  ${publishedAt('t.parent_signed_at')} as _published_at
from (${plainRows(table, tasks)}) t`;
}

function oddChildren(table: PackedTable, tasks: readonly ParsedTask[]): string {
  const fault = hasRows('invoice', tasks, 'odd') ? `coalesce(t.fault, ${withoutKey})` : 't.fault';
  return `select ${columnsOf(keyFields, 'p')}, ${childColumns(table)}, ${loadColumns(fault)}, p._published_at
from (${judgedRows(table, tasks)}) t join decoded_invoice p on p._file = t.file and p._row = t.parent`;
}

function childColumns(table: PackedTable): string {
  return [columnsOf(packedFields[table], 't'), ...(childChecks[table] ?? [])].join(', ');
}

/** `decoded_invoice_summary`: one row a line, with the head of its summary. */
export function decodedSummarySql(tasks: readonly ParsedTask[]): string {
  const head: readonly Field[] = packedFields.summary;
  return `create temp view decoded_invoice_summary as
select ${columnsOf(packedFields.summary, 't')}, ${columnsOf(packedFields.summary_line, 't')},
  ${numericRate} as tax_rate_percent, ${loadColumns()}, t.published as _published_at
from (
  select t.* replace (coalesce(t.fault, h.fault) as fault, coalesce(t.raw, h.raw) as raw),
    ${head.map(({ column }) => `h.${column}`).join(', ')}
  from ${typedRows('summary_line', tasks)} t
  join ${typedRows('summary', tasks)} h on h.file = t.file and h.row = t.parent
) t`;
}

/** An empty decoded table, for a stream without rows. */
export function emptyDecodedSql({ stream, columns }: StreamContract): string {
  return `create temp table decoded_${stream} (
  ${columns.map(({ name, type }) => `${name} ${type}`).join(', ')},
  _file integer, _row bigint, _status varchar, _reason varchar, _field varchar, _value varchar, _raw varchar,
  _published_at timestamptz)`;
}

function columnsOf(fields: readonly Field[], alias: string): string {
  return fields.map(({ column }) => `${alias}.${column}`).join(', ');
}
