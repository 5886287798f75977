import type {
  Classification,
  ColumnContract,
  ColumnType,
  StreamContract,
} from '../../core/stream-contract.ts';
import {
  checkInTable,
  claimTable,
  claimTables,
  type ClaimField,
  type ClaimTable,
} from './claim-tables.ts';
import { claimComparisons, lineComparisons, type Comparison } from './comparisons.ts';

const units: Readonly<Record<string, string>> = {
  money: 'VND',
  price: 'VND',
  days: 'day',
  percent: '%',
};

/** The columns that say whose row it is; they lead every key. */
const ownerColumns: readonly ColumnContract[] = [
  column('facility_code', 'varchar', 'Cơ sở khám chữa bệnh', 'Health facility'),
  column('treatment_code', 'varchar', 'Mã đợt điều trị', 'Treatment episode', 'sensitive'),
];

/** One row for each package: what it declares and what was found in it. */
export const claimPackage: StreamContract = {
  stream: 'claim_package',
  layer: 'staging',
  label: { vi: 'Gói hồ sơ BHYT', en: 'Claim packages' },
  key: ['package_name'],
  deletes: 'none',
  holdAbove: 1,
  columns: [
    column('package_name', 'varchar', 'Tên tệp gói', 'File of the package'),
    column('facility_code', 'varchar', 'Cơ sở khám chữa bệnh', 'Health facility'),
    column('made_on', 'date', 'Ngày lập', 'Made on'),
    column('declared_claims', 'bigint', 'Số hồ sơ khai', 'Claims declared'),
    column('found_claims', 'bigint', 'Số hồ sơ có', 'Claims found'),
    column('edition', 'varchar', 'Phiên bản bảng', 'Edition of the tables'),
    column('is_signed', 'boolean', 'Có chữ ký đơn vị', 'Has the signature of the unit'),
    column('unreadable_claims', 'bigint', 'Số hồ sơ không đọc được', 'Claims that cannot be read'),
  ],
};

/** A stream for each table XML0 … XML15. Lines a re-sent claim no longer has are deleted by absence. */
const tableStreams: readonly StreamContract[] = claimTables.map(streamOf);

/** All streams; those of one file publish together. */
export const claimStreams: readonly StreamContract[] = [claimPackage, ...tableStreams];

/** Streams of which a claim in a batch is the whole claim. */
export const coveredByClaims: readonly string[] = tableStreams
  .filter(({ deletes }) => deletes === 'absence')
  .map(({ stream }) => stream);

function streamOf(table: ClaimTable): StreamContract {
  const isClaim = table === claimTable;
  return {
    stream: table.stream,
    layer: 'staging',
    label: table.label,
    subject: 'person',
    key: isClaim
      ? ['facility_code', 'treatment_code']
      : ['facility_code', 'treatment_code', 'line_no'],
    ...(isClaim || table === checkInTable
      ? { deletes: 'none' }
      : {
          parent: claimTable.stream,
          deletes: 'absence',
          partition: ['facility_code', 'treatment_code'],
        }),
    columns: [
      ...ownerColumns,
      ...(isClaim ? [] : [column('line_no', 'bigint', 'Dòng thứ', 'Line')]),
      ...table.fields.flatMap(columnsOf),
      ...comparisonsOf(table).map(({ name, label }) => column(name, 'boolean', label.vi, label.en)),
    ],
  };
}

function comparisonsOf(table: ClaimTable): readonly Comparison[] {
  return table === claimTable ? claimComparisons : (lineComparisons[table.name] ?? []);
}

function columnsOf(field: ClaimField): readonly ColumnContract[] {
  const { column: name, kind, type, label, classification } = field;
  const unit = units[kind];
  const own: ColumnContract = {
    name,
    type,
    label,
    classification,
    ...(unit === undefined ? {} : { unit }),
  };
  if (kind !== 'birth') return [own];
  const year = column(
    birthYear(name),
    'integer',
    `${label.vi}: năm`,
    `${label.en}: year`,
    classification,
  );
  return [own, year];
}

/** The column beside a day of birth: its year, which is known more often. */
export function birthYear(birthColumn: string): string {
  return birthColumn.replace(/date$/, 'year');
}

function column(
  name: string,
  type: ColumnType,
  vi: string,
  en: string,
  classification: Classification = 'internal',
): ColumnContract {
  return { name, type, label: { vi, en }, classification };
}
