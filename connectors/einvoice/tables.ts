import type { Field } from './field.ts';
import { field } from './field.ts';
import { invoiceFields } from './invoice-fields.ts';
import { feeFields, lineFields, originalFields, taxRateFields } from './line-fields.ts';
import { partFields } from './invoice-parts.ts';
import type { TableSource } from './shape.ts';
import { summaryHeadFields, summaryLineFields } from './summary-fields.ts';

/** Vendors put the tax of a line here, under names of their own. */
export const otherInfo: TableSource = {
  name: 'other_info',
  paths: ['TTKhac/TTin'],
  fields: [
    field('name', 'varchar', 'TTruong', 'Trường', 'Field'),
    field('value', 'varchar', 'DLieu', 'Dữ liệu', 'Value'),
  ],
  children: [],
};

const signaturePath = 'DSCKS/NBan/Signature';

/** The parts of the seller's XMLDSig that a digest check needs. */
const referenceFields: readonly Field[] = [
  field('uri', 'varchar', '@URI', 'Tham chiếu', 'Reference'),
  field('transforms', 'varchar', 'Transforms/Transform@Algorithm', 'Phép biến đổi', 'Transforms', {
    joined: true,
  }),
  field(
    'prefixes',
    'varchar',
    'Transforms/Transform/InclusiveNamespaces@PrefixList',
    'Tiền tố',
    'Prefixes',
  ),
  field('digest_method', 'varchar', 'DigestMethod@Algorithm', 'Thuật toán băm', 'Digest method'),
  field('digest_value', 'varchar', 'DigestValue', 'Giá trị băm', 'Digest value'),
];

const reference: TableSource = {
  name: 'reference',
  paths: ['SignedInfo/Reference'],
  fields: referenceFields,
  children: [],
};

const signature: TableSource = {
  name: 'signature',
  paths: [signaturePath],
  fields: [
    field('subject', 'varchar', 'KeyInfo/X509Data/X509SubjectName', 'Chủ thể', 'Subject'),
    field(
      'certificate',
      'varchar',
      'KeyInfo/X509Data/X509Certificate',
      'Chứng thư',
      'Certificate',
      {
        joined: true,
      },
    ),
    field(
      'signing_time',
      'varchar',
      'Object/SignatureProperties/SignatureProperty/SigningTime | Object/QualifyingProperties/SignedProperties/SignedSignatureProperties/SigningTime',
      'Thời điểm ký',
      'Signing time',
    ),
  ],
  children: [reference],
};

const goods = 'DLHDon/NDHDon/DSHHDVu/HHDVu';
const totals = 'DLHDon/NDHDon/TToan';
const original = 'DLHDon/TTChung/TTHDLQuan';

/** Taken from the document but not kept: Ids that a signature refers to, and a code written as an attribute. */
const invoiceMarks: readonly Field[] = [
  field('body_id', 'varchar', 'DLHDon@Id', 'Id dữ liệu', 'Body Id'),
  field('root_id', 'varchar', '@Id', 'Id hóa đơn', 'Invoice Id'),
  field('code_id', 'varchar', 'MCCQT@Id', 'Id mã cơ quan thuế', 'Authority code Id'),
];

/** One invoice (QĐ 1450/QĐ-TCT and later component tables), wherever its element stands. */
export const invoiceTable: TableSource = {
  name: 'invoice',
  paths: ['HDon'],
  fields: [...invoiceFields, ...partFields, ...invoiceMarks],
  children: [
    { name: 'line', paths: [goods], fields: lineFields, children: [otherInfo] },
    {
      name: 'tax_rate',
      paths: [`${totals}/THTTLTSuat/LTSuat`],
      fields: taxRateFields,
      children: [],
    },
    { name: 'fee', paths: [`${totals}/DSLPhi/LPhi`], fields: feeFields, children: [] },
    { name: 'original', paths: [original], fields: originalFields, children: [] },
    signature,
  ],
};

/** One summary of invoices (MLTDiep 400). */
export const summaryTable: TableSource = {
  name: 'summary',
  paths: ['BTHDLieu'],
  fields: summaryHeadFields,
  children: [
    {
      name: 'summary_line',
      paths: ['DLBTHop/NDBTHDLieu/DSDLieu/DLieu'],
      fields: summaryLineFields,
      children: [],
    },
  ],
};

/** Tables whose rows leave the parser, in packing order. */
export const packedTables = [
  'invoice',
  'line',
  'tax_rate',
  'original',
  'summary',
  'summary_line',
] as const;

/** One of {@link packedTables}. */
export type PackedTable = (typeof packedTables)[number];

/** The fields of each packed table. */
export const packedFields: Readonly<Record<PackedTable, readonly Field[]>> = {
  invoice: [...invoiceFields, ...partFields],
  line: lineFields,
  tax_rate: taxRateFields,
  original: originalFields,
  summary: summaryHeadFields,
  summary_line: summaryLineFields,
};

/** Whether the rows of a table belong to an invoice. */
export function isOfInvoice(table: PackedTable): boolean {
  return table === 'line' || table === 'tax_rate' || table === 'original';
}
