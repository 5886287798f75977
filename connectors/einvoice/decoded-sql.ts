import type { Field } from './field.ts';
import { keyFields } from './invoice-fields.ts';
import { loadColumns } from './typed-sql.ts';
import type { PackedTable } from './tables.ts';
import { packedFields } from './tables.ts';

/** Sums may miss totals by rounding: one đồng, or one unit of a foreign currency's smallest two places a line. */
const tolerance = `case when coalesce(t.currency, 'VND') = 'VND' then 1::decimal(21,6)
    else greatest(0.01::decimal(21,6), 0.01::decimal(21,6) * coalesce(l.lines, 1)) end`;

/** Wall time to instant; Vietnam is at +07:00. */
const instant = (wall: string): string =>
  `cast(strftime(${wall}, '%Y-%m-%d %H:%M:%S') || '+07' as timestamptz)`;

/** Sums per invoice that the totals are checked against. Promotions (2) and notes (4) carry no value. */
export const invoiceSumsSql = `create temp table invoice_sums as
with goods as (
  select file, parent, count(*) as lines,
    sum(amount) filter (where coalesce(nature, '1') not in ('2', '3', '4')) as goods,
    coalesce(sum(amount) filter (where nature = '3'), 0) as discounts
  from typed_line group by file, parent
), taxes as (
  select file, parent, sum(tax_amount) as taxes from typed_tax_rate group by file, parent
), fees as (
  select file, parent, sum(fee) as fees from typed_fee group by file, parent
)
select i.file, i.row, g.lines, g.goods, g.discounts, x.taxes, coalesce(e.fees, 0) as fees
from typed_invoice i
left join goods g on g.file = i.file and g.parent = i.row
left join taxes x on x.file = i.file and x.parent = i.row
left join fees e on e.file = i.file and e.parent = i.row`;

const lineBase = 'coalesce(t.total_before_tax, t.total)';

/**
 * Computed columns of an invoice by name. Sign conventions of trade discounts (lines of nature 3, `TTCKTMai`) differ
 * per vendor: a total matches when any convention makes it match. NULL = nothing to compare.
 */
export const invoiceChecks: Readonly<Record<string, string>> = {
  is_coded: `t.series like 'C%'`,
  series_year: `2000 + try_cast(substr(t.series, 2, 2) as integer)`,
  series_kind: `nullif(substr(t.series, 4, 1), '')`,
  line_count: `coalesce(l.lines, 0)::integer`,
  fee_total: `l.fees::decimal(21,6)`,
  signed_after_issue: `t.signed_at::date >= t.issue_date`,
  line_total_matches: `abs(l.goods - l.discounts - ${lineBase}) <= ${tolerance}
    or abs(l.goods + l.discounts - ${lineBase}) <= ${tolerance}
    or abs(l.goods - coalesce(t.trade_discount, 0) - ${lineBase}) <= ${tolerance}`,
  tax_total_matches: `abs(l.taxes - t.total_tax) <= ${tolerance}`,
  grand_total_matches: `least(
    abs(t.total - (t.total_before_tax + coalesce(t.total_tax, 0) + l.fees)),
    abs(t.total - (t.total_before_tax + coalesce(t.total_tax, 0) + l.fees - coalesce(t.trade_discount, 0))),
    abs(t.total - (t.total_before_tax + coalesce(t.total_tax, 0) + l.fees - coalesce(t.other_deduction, 0)))
  ) <= ${tolerance}`,
};

const published = `coalesce(${instant('t.signed_at')}, f.published) as _published_at`;

/** `decoded_invoice`: one row an invoice, and a filtered row for each document that is none. */
export const decodedInvoiceSql = `create temp table decoded_invoice as
select ${columnsOf('invoice', 't')},
  ${Object.entries(invoiceChecks)
    .map(([name, sql]) => `${sql} as ${name}`)
    .join(',\n  ')},
  ${loadColumns}, ${published}
from typed_invoice t
join invoice_sums l on l.file = t.file and l.row = t.row
join einvoice_file f on f.file = t.file
union all by name
select file as _file,
  (select count(*) from typed_invoice) + row_number() over (order by file, name) as _row,
  'filtered' as _status, 'not-an-invoice' as _reason, root as _field, name as _value
from einvoice_foreign`;

const numericRate = `try_cast(replace(replace(upper(t.tax_rate), 'KHAC:', ''), '%', '') as decimal(7,4))`;

/** `decoded_invoice_line`, with the key of its invoice. */
export const decodedLineSql = childSql(
  'invoice_line',
  'line',
  packedFields.line,
  `${numericRate} as tax_rate_percent,
  abs(try(t.quantity * t.unit_price) - coalesce(t.discount, 0) - t.amount) <= 1 as amount_matches`,
);

/** `decoded_invoice_tax_rate`. */
export const decodedTaxRateSql = childSql(
  'invoice_tax_rate',
  'tax_rate',
  packedFields.tax_rate,
  `${numericRate} as tax_rate_percent`,
);

/** `decoded_invoice_original`. */
export const decodedOriginalSql = childSql(
  'invoice_original',
  'original',
  packedFields.original,
  undefined,
);

function childSql(
  stream: string,
  table: PackedTable,
  fields: readonly Field[],
  computed: string | undefined,
): string {
  const keys = keyFields.map(({ column }) => `p.${column}`).join(', ');
  const own = fields.map(({ column }) => `t.${column}`).join(', ');
  const fault = `coalesce(t.fault, case when ${keyFields
    .map(({ column }) => `p.${column} is null`)
    .join(
      ' or ',
    )} then struct_pack(code := 'invoice-without-key', field := null::varchar, value := null::varchar) end)`;
  return `create temp table decoded_${stream} as
with t as (
  select t.* replace (${fault} as fault), p.signed_at, ${keys}
  from typed_${table} t join typed_invoice p on p.file = t.file and p.row = t.parent
)
select ${keyFields.map(({ column }) => `t.${column}`).join(', ')}, ${own},
  ${computed === undefined ? '' : `${computed},\n  `}${loadColumns}, ${published}
from t join einvoice_file f on f.file = t.file`;
}

/** `decoded_invoice_summary`: one row a line, with the head of its summary. */
export const decodedSummarySql = `create temp table decoded_invoice_summary as
with t as (
  select t.* replace (coalesce(t.fault, h.fault) as fault, coalesce(t.raw, h.raw) as raw),
    ${packedFields.summary.map(({ column }) => `h.${column}`).join(', ')}
  from typed_summary_line t join typed_summary h on h.file = t.file and h.row = t.parent
)
select ${columnsOf('summary', 't')}, ${columnsOf('summary_line', 't')},
  ${numericRate} as tax_rate_percent, ${loadColumns}, f.published as _published_at
from t join einvoice_file f on f.file = t.file`;

function columnsOf(table: PackedTable, alias: string): string {
  return packedFields[table].map(({ column }) => `${alias}.${column}`).join(', ');
}
