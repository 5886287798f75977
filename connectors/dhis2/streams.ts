import type {
  Classification,
  ColumnContract,
  ColumnType,
  StreamContract,
} from '../../core/stream-contract.ts';
import { metadataLists, type MetadataList } from './metadata-lists.ts';

const periodColumns: readonly ColumnContract[] = [
  column('period_id', 'varchar', 'Kỳ (mã DHIS2)', 'Period (DHIS2 id)'),
  column('period_type', 'varchar', 'Loại kỳ', 'Period type'),
  column('period', 'varchar', 'Kỳ', 'Period'),
  column('starts_on', 'date', 'Từ ngày', 'Starts on'),
  column('ends_on', 'date', 'Đến ngày', 'Ends on'),
];

/** One row for each reported value; a value that DHIS2 marks as deleted leaves. */
export const healthValue: StreamContract = {
  stream: 'health_value',
  layer: 'staging',
  label: { vi: 'Số liệu báo cáo y tế', en: 'Reported health values' },
  key: [
    'data_element',
    'period_id',
    'org_unit',
    'category_option_combo',
    'attribute_option_combo',
    'disaggregation',
  ],
  deletes: 'tombstone',
  columns: [
    column('data_element', 'varchar', 'Chỉ số', 'Data element'),
    ...periodColumns,
    column('org_unit', 'varchar', 'Đơn vị', 'Org unit'),
    column('category_option_combo', 'varchar', 'Tổ hợp phân tổ', 'Category option combo'),
    column('attribute_option_combo', 'varchar', 'Tổ hợp thuộc tính', 'Attribute option combo'),
    column('disaggregation', 'varchar', 'Phân tổ (ADX)', 'Disaggregation (ADX)'),
    column('value', 'varchar', 'Giá trị như nguồn ghi', 'Value as given'),
    column('value_number', 'decimal(38,12)', 'Giá trị số', 'Numeric value'),
    column('data_set', 'varchar', 'Biểu báo cáo', 'Data set'),
    column('stored_by', 'varchar', 'Người nhập', 'Stored by', 'personal'),
    column('comment', 'varchar', 'Ghi chú', 'Comment', 'personal'),
    column('is_followup', 'boolean', 'Cần theo dõi', 'Follow-up'),
    column('created_at', 'timestamptz', 'Tạo lúc', 'Created at'),
    column('updated_at', 'timestamptz', 'Cập nhật lúc', 'Updated at'),
  ],
};

/** One row for each cell of an analytics query; each query is read whole. */
export const healthAnalytics: StreamContract = {
  stream: 'health_analytics',
  layer: 'staging',
  label: { vi: 'Số liệu tổng hợp DHIS2', en: 'DHIS2 analytics' },
  key: ['query', 'data_item', 'period_id', 'org_unit', 'breakdown'],
  deletes: 'absence',
  partition: ['query'],
  columns: [
    column('query', 'varchar', 'Truy vấn', 'Query'),
    column('data_item', 'varchar', 'Chỉ số', 'Data item'),
    ...periodColumns,
    column('org_unit', 'varchar', 'Đơn vị', 'Org unit'),
    column('breakdown', 'varchar', 'Phân tổ', 'Breakdown'),
    column('value', 'decimal(38,12)', 'Giá trị', 'Value'),
  ],
};

/** The lists that give values their meaning. */
export const metadataStreams: readonly StreamContract[] = metadataLists.map(listStream);

/** Streams a file may hold. */
export const fileStreams: readonly StreamContract[] = [healthValue, ...metadataStreams];

function listStream({ stream, label, fields }: MetadataList): StreamContract {
  return {
    stream,
    layer: 'staging',
    label,
    key: ['id'],
    deletes: 'absence',
    columns: [
      column('id', 'varchar', 'Mã định danh', 'Id', 'public'),
      ...fields.map(({ column: name, type, label: words }) =>
        column(name, type, words.vi, words.en, 'public'),
      ),
      column('updated_at', 'timestamptz', 'Cập nhật lúc', 'Updated at', 'public'),
    ],
  };
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
