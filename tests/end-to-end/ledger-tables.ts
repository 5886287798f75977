import type { City } from '../../simulator/city.ts';
import type { ExpectedTable } from '../harness/oracle-checker.ts';
import { fields } from '../simulator/start.ts';

/** A table of the warehouse in the ledger's words, and what it should hold. */
export interface LedgerTable {
  readonly name: string;
  /** A SELECT in brackets, to stand in the place of a table. */
  readonly table: string;
  readonly expected: ExpectedTable;
}

/** How a ledger stream stands in the warehouse: the ledger's field → SQL over our table. */
interface Mapping {
  readonly stream: string;
  readonly from: string;
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, string>>;
  /** Decimals that both sides write with as many places. */
  readonly places?: Readonly<Record<string, number>>;
  /** Another field of the ledger that the source prints in the same place when the first is empty. */
  readonly otherwise?: Readonly<Record<string, string>>;
}

const invoiceKey = {
  seller_mst: 'seller_mst',
  form: 'form_sign',
  series: 'series',
  number: 'number',
};

const mappings: readonly Mapping[] = [
  {
    stream: 'covid_daily',
    from: 'staging.covid_report',
    key: ['file_date', 'commune_code'],
    columns: {
      file_date: 'report_day',
      commune_code: 'fips',
      commune_name: 'admin2',
      province: 'province_as_given',
      country: 'country_as_given',
      confirmed: 'confirmed',
      deaths: 'deaths',
      recovered: 'recovered',
      active: 'active',
    },
  },
  {
    stream: 'einvoices',
    from: 'staging.invoice',
    key: Object.keys(invoiceKey),
    columns: {
      ...invoiceKey,
      issue_date: 'issue_date',
      original_form: 'original_form',
      original_series: 'original_series',
      original_number: 'original_number',
      original_issue_date: 'original_issue_date',
      currency: 'currency',
      total_before_tax: 'total_before_tax',
      total_tax: 'total_tax',
      total: 'total',
      line_count: 'line_count',
      buyer_mst: 'buyer_mst',
    },
    places: { total_before_tax: 6, total_tax: 6, total: 6 },
  },
  {
    stream: 'einvoice_lines',
    from: 'staging.invoice_line',
    key: [...Object.keys(invoiceKey), 'line_no'],
    columns: {
      ...invoiceKey,
      line_no: 'line_no',
      nature: 'nature',
      name: 'item_name',
      unit: 'unit',
      quantity: 'quantity',
      unit_price: 'unit_price',
      amount: 'amount',
      tax_rate: 'tax_rate',
    },
    places: { quantity: 6, unit_price: 6, amount: 6 },
  },
  {
    stream: 'einvoice_summary_lines',
    from: 'staging.invoice_summary',
    key: ['seller_mst', 'month', 'line_no'],
    columns: {
      seller_mst: 'seller_mst',
      month: 'period_text',
      line_no: 'line_no',
      product: 'item_code',
      quantity: 'quantity',
      amount: 'amount',
      tax_rate: 'tax_rate',
    },
    places: { quantity: 6, amount: 6 },
  },
  {
    stream: 'dossiers',
    from: 'staging.dossier',
    key: ['dossier_code'],
    columns: {
      dossier_code: 'dossier_code',
      procedure_code: 'procedure_code',
      commune_code: 'commune_code',
      subject_kind: 'owner_kind',
      submitted_at: 'submitted_at',
      received_at: 'received_at',
      due_at: 'due_at',
      status: 'status',
      finished_at: 'finished_at',
      returned_at: 'returned_at',
      refused_at: 'refused_at',
      updated_at: 'updated_at',
    },
    otherwise: { finished_at: 'ended_at' },
  },
  {
    stream: 'dossier_supplements',
    from: '(select *, row_number() over (partition by dossier_code order by requested_at) as request_no from staging.dossier_supplement)',
    key: ['dossier_code', 'request_no'],
    columns: {
      dossier_code: 'dossier_code',
      request_no: 'request_no',
      requested_at: 'requested_at',
      answered_at: 'answered_at',
      due_before: 'due_before',
      due_after: 'due_after',
    },
  },
  {
    stream: 'dossier_steps',
    from: 'staging.dossier_step',
    key: ['dossier_code', 'step_no'],
    columns: {
      dossier_code: 'dossier_code',
      step_no: 'step_no',
      at: 'processed_at',
      status: 'status',
    },
  },
  {
    stream: 'dossier_fees',
    from: 'staging.dossier_fee',
    key: ['dossier_code', 'fee_no'],
    columns: {
      dossier_code: 'dossier_code',
      fee_no: 'fee_no',
      code: 'fee_code',
      collected_at: 'collected_at',
      amount: 'amount',
    },
    places: { amount: 6 },
  },
];

/** Every stream of the city's ledger as tables to compare; rows the city spoilt on purpose are not expected. */
export async function ledgerTables(city: City): Promise<readonly LedgerTable[]> {
  const spoilt = new Set(
    (await ledgerRows(city, 'dossiers')).filter(({ defect }) => defect !== null).map(codeOf),
  );
  return await Promise.all(mappings.map((mapping) => ledgerTable(city, mapping, spoilt)));
}

type LedgerRow = Readonly<Record<string, unknown>>;

async function ledgerTable(
  city: City,
  mapping: Mapping,
  spoilt: ReadonlySet<string>,
): Promise<LedgerTable> {
  const rows = await ledgerRows(city, mapping.stream);
  const kept = rows.filter((row) => !('dossier_code' in row) || !spoilt.has(codeOf(row)));
  const names = Object.keys(mapping.columns);
  const selected = names.map((name) => `${mapping.columns[name]} as "${name}"`).join(', ');
  return {
    name: mapping.stream,
    table: `(select ${selected} from ${mapping.from})`,
    expected: {
      columns: names,
      key: mapping.key,
      rows: kept.map((row) => names.map((name) => cellOf(row, name, mapping))),
    },
  };
}

async function ledgerRows(city: City, stream: string): Promise<readonly LedgerRow[]> {
  const text = await (await fetch(`${city.url}/_ledger/${stream}.ndjson`)).text();
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => fields(JSON.parse(line)));
}

function codeOf({ dossier_code: code }: LedgerRow): string {
  return String(code);
}

function cellOf(row: LedgerRow, name: string, { places, otherwise }: Mapping): string | null {
  const value = row[name] ?? row[otherwise?.[name] ?? ''] ?? null;
  return value === null ? null : textOf(value, places?.[name]);
}

function textOf(value: unknown, places: number | undefined): string {
  if (places === undefined) return String(value);
  const [whole = '', fraction = ''] = String(value).split('.');
  return `${whole}.${fraction.padEnd(places, '0')}`;
}
