import type { StreamContract } from '../../core/stream-contract.ts';
import type { Field } from './field.ts';
import { keyFields } from './invoice-fields.ts';
import { loadColumns, typedRows } from './typed-sql.ts';
import type { ParsedTask } from './parse-task.ts';
import type { PackedTable } from './tables.ts';
import { packedFields } from './tables.ts';

/** Sums may miss totals by rounding: one đồng, or one unit of a foreign currency's smallest two places a line. */
const tolerance = `case when coalesce(i.currency, 'VND') = 'VND' then 1::decimal(21,6)
    else greatest(0.01::decimal(21,6), 0.01::decimal(21,6) * coalesce(l.lines, 1)) end`;

/** Wall time to instant; Vietnam is at +07:00. */
const instant = (wall: string): string =>
  `cast(strftime(${wall}, '%Y-%m-%d %H:%M:%S') || '+07' as timestamptz)`;

/** Whether any task wrote rows of a table. */
export function hasRows(table: PackedTable, tasks: readonly ParsedTask[]): boolean {
  return tasks.some(({ rows }) => rows[table] > 0);
}

/** `typed_invoice`: what invoices say, with `published_at`; {@link decodedInvoiceSql} adds what lines tell. */
export function typedInvoiceSql(tasks: readonly ParsedTask[]): string {
  return `create temp table typed_invoice as
select *, coalesce(${instant('signed_at')}, published) as published_at
from ${typedRows('invoice', tasks)}`;
}

/** Invoices with the sums that their totals are checked against. Promotions (2) and notes (4) carry no value. */
function summedInvoices(tasks: readonly ParsedTask[]): string {
  const fees = hasRows('fee', tasks)
    ? `(select file, parent, sum(fee) as fees from ${typedRows('fee', tasks)} group by all)`
    : '(select null::integer as file, null::bigint as parent, null::decimal(38,6) as fees where false)';
  return `(select i.*, l.lines, l.goods, l.discounts, x.taxes, coalesce(e.fees, 0) as fees,
  ${tolerance} as tolerance
from typed_invoice i
left join (
  select _file as file, _parent as parent, count(*) as lines,
    sum(amount) filter (where coalesce(nature, '1') not in ('2', '3', '4')) as goods,
    coalesce(sum(amount) filter (where nature = '3'), 0) as discounts
  from decoded_invoice_line group by all
) l on l.file = i.file and l.parent = i.row
left join (
  select _file as file, _parent as parent, sum(tax_amount) as taxes from decoded_invoice_tax_rate group by all
) x on x.file = i.file and x.parent = i.row
left join ${fees} e on e.file = i.file and e.parent = i.row)`;
}

const lineBase = 'coalesce(t.total_before_tax, t.total)';

/**
 * Computed columns of an invoice by name. Sign conventions of trade discounts (lines of nature 3, `TTCKTMai`) differ
 * per vendor: a total matches when any convention makes it match. NULL = nothing to compare.
 */
export const invoiceChecks: Readonly<Record<string, string>> = {
  is_coded: `t.series like 'C%'`,
  series_year: `2000 + try_cast(substr(t.series, 2, 2) as integer)`,
  series_kind: `nullif(substr(t.series, 4, 1), '')`,
  line_count: `coalesce(t.lines, 0)::integer`,
  fee_total: `t.fees::decimal(21,6)`,
  signed_after_issue: `t.signed_at::date >= t.issue_date`,
  line_total_matches: `abs(t.goods - t.discounts - ${lineBase}) <= t.tolerance
    or abs(t.goods + t.discounts - ${lineBase}) <= t.tolerance
    or abs(t.goods - coalesce(t.trade_discount, 0) - ${lineBase}) <= t.tolerance`,
  tax_total_matches: `abs(t.taxes - t.total_tax) <= t.tolerance`,
  grand_total_matches: `least(
    abs(t.total - (t.total_before_tax + coalesce(t.total_tax, 0) + t.fees)),
    abs(t.total - (t.total_before_tax + coalesce(t.total_tax, 0) + t.fees - coalesce(t.trade_discount, 0))),
    abs(t.total - (t.total_before_tax + coalesce(t.total_tax, 0) + t.fees - coalesce(t.other_deduction, 0)))
  ) <= t.tolerance`,
};

/** `decoded_invoice`: one row an invoice. Comes after lines and tax rates. */
export function decodedInvoiceSql(tasks: readonly ParsedTask[]): string {
  return `create temp table decoded_invoice as
select ${columnsOf('invoice', 't')},
  ${Object.entries(invoiceChecks)
    .map(([name, sql]) => `${sql} as ${name}`)
    .join(',\n  ')},
  ${loadColumns()}, t.published_at as _published_at
from ${summedInvoices(tasks)} t`;
}

/** A filtered row for each document that is no invoice, from the table `einvoice_foreign`. */
export const foreignDocumentsSql = `insert into decoded_invoice by name
select file as _file,
  (select count(*) from decoded_invoice) + row_number() over (order by file, name) as _row,
  'filtered' as _status, 'not-an-invoice' as _reason, root as _field, name as _value
from einvoice_foreign`;

const numericRate = `try_cast(replace(replace(upper(t.tax_rate), 'KHAC:', ''), '%', '') as decimal(7,4))`;

/** Computed columns of a child of the invoice. */
const childChecks: Partial<Record<PackedTable, string>> = {
  line: `${numericRate} as tax_rate_percent,
  abs(try(t.quantity * t.unit_price) - coalesce(t.discount, 0) - t.amount) <= 1 as amount_matches,`,
  tax_rate: `${numericRate} as tax_rate_percent,`,
};

const withoutKey = `case when ${keyFields.map(({ column }) => `p.${column} is null`).join(' or ')}
  then struct_pack(code := 'invoice-without-key', field := null::varchar, value := null::varchar) end`;

/** `decoded_invoice_line` and its like, with the key of their invoice and, until the end, its row as `_parent`. */
export function decodedChildSql(
  table: 'line' | 'tax_rate' | 'original',
  tasks: readonly ParsedTask[],
): string {
  const keys = (alias: string) => keyFields.map(({ column }) => `${alias}.${column}`).join(', ');
  return `create temp table decoded_invoice_${table} as
select ${keys('t')}, ${columnsOf(table, 't')}, ${childChecks[table] ?? ''}
  ${loadColumns()}, t.published_at as _published_at, t.parent as _parent
from (
  select t.* replace (coalesce(t.fault, ${withoutKey}) as fault), ${keys('p')}, p.published_at
  from ${typedRows(table, tasks)} t join typed_invoice p on p.file = t.file and p.row = t.parent
) t`;
}

/** `decoded_invoice_summary`: one row a line, with the head of its summary. */
export function decodedSummarySql(tasks: readonly ParsedTask[]): string {
  const head: readonly Field[] = packedFields.summary;
  return `create temp table decoded_invoice_summary as
select ${columnsOf('summary', 't')}, ${columnsOf('summary_line', 't')},
  ${numericRate} as tax_rate_percent, ${loadColumns()}, t.published as _published_at
from (
  select t.* replace (coalesce(t.fault, h.fault) as fault, coalesce(t.raw, h.raw) as raw),
    ${head.map(({ column }) => `h.${column}`).join(', ')}
  from ${typedRows('summary_line', tasks)} t
  join ${typedRows('summary', tasks)} h on h.file = t.file and h.row = t.parent
) t`;
}

/** An empty decoded table, for a stream without rows. */
export function emptyDecodedSql({ stream, columns, parent }: StreamContract): string {
  return `create temp table decoded_${stream} (
  ${columns.map(({ name, type }) => `${name} ${type}`).join(', ')},
  _file integer, _row bigint, _status varchar, _reason varchar, _field varchar, _value varchar, _raw varchar,
  _published_at timestamptz${parent === undefined ? '' : ', _parent bigint'})`;
}

function columnsOf(table: PackedTable, alias: string): string {
  return packedFields[table].map(({ column }) => `${alias}.${column}`).join(', ');
}
