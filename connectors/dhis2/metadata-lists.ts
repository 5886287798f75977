import type { ColumnType } from '../../core/stream-contract.ts';
import type { Localized } from '../../core/localized.ts';

/** One field of a metadata object. */
export interface MetadataField {
  readonly column: string;
  readonly type: Extract<ColumnType, 'varchar' | 'integer' | 'boolean' | 'date'>;
  readonly label: Localized;
  /** JSON member, or `member.id` of a reference; also what is asked for. */
  readonly json: string;
  /** CSV header in lower case without blanks, where the CSV export has it. */
  readonly csv?: string;
}

/** A list of metadata and the stream it becomes. */
export interface MetadataList {
  /** Its name in the API and in JSON files. */
  readonly name: string;
  readonly stream: string;
  readonly label: Localized;
  /** CSV headers by which a file is known as this list. */
  readonly csvHeaders?: readonly string[];
  readonly fields: readonly MetadataField[];
}

const common: readonly MetadataField[] = [
  field('code', 'Mã', 'Code', 'code'),
  field('name', 'Tên', 'Name', 'name'),
];

/** The lists that give data values their meaning. */
export const metadataLists: readonly MetadataList[] = [
  {
    name: 'organisationUnits',
    stream: 'health_org_unit',
    label: { vi: 'Đơn vị y tế', en: 'Health organisation units' },
    csvHeaders: ['name', 'parent'],
    fields: [
      ...common,
      field('short_name', 'Tên ngắn', 'Short name', 'shortName'),
      field('parent_id', 'Đơn vị cấp trên', 'Parent', 'parent.id', { csv: 'parent' }),
      field('path', 'Đường dẫn', 'Path', 'path'),
      field('level', 'Cấp', 'Level', 'level', { type: 'integer' }),
      field('opened_on', 'Ngày mở', 'Opened on', 'openingDate', { type: 'date' }),
      field('closed_on', 'Ngày đóng', 'Closed on', 'closedDate', { type: 'date' }),
    ],
  },
  {
    name: 'dataElements',
    stream: 'health_data_element',
    label: { vi: 'Chỉ số báo cáo', en: 'Data elements' },
    csvHeaders: ['name', 'domaintype'],
    fields: [
      ...common,
      field('short_name', 'Tên ngắn', 'Short name', 'shortName'),
      field('value_type', 'Kiểu giá trị', 'Value type', 'valueType', { csv: 'valuetype' }),
      field('domain_type', 'Miền', 'Domain', 'domainType', { csv: 'domaintype' }),
      field('aggregation_type', 'Cách tổng hợp', 'Aggregation', 'aggregationType', {
        csv: 'aggregationtype',
      }),
      field('is_zero_significant', 'Số 0 có nghĩa', 'Zero is significant', 'zeroIsSignificant', {
        type: 'boolean',
      }),
      field('category_combo_id', 'Tổ hợp phân tổ', 'Category combo', 'categoryCombo.id'),
    ],
  },
  {
    name: 'categoryOptionCombos',
    stream: 'health_category_option_combo',
    label: { vi: 'Tổ hợp phân tổ', en: 'Category option combos' },
    fields: [
      ...common,
      field('category_combo_id', 'Thuộc tổ hợp', 'Category combo', 'categoryCombo.id'),
    ],
  },
  {
    name: 'dataSets',
    stream: 'health_data_set',
    label: { vi: 'Biểu báo cáo', en: 'Data sets' },
    fields: [
      ...common,
      field('short_name', 'Tên ngắn', 'Short name', 'shortName'),
      field('period_type', 'Kỳ báo cáo', 'Period type', 'periodType'),
      field('timely_days', 'Số ngày đúng hạn', 'Timely days', 'timelyDays', { type: 'integer' }),
    ],
  },
];

function field(
  column: string,
  vi: string,
  en: string,
  json: string,
  more: { readonly type?: MetadataField['type']; readonly csv?: string } = {},
): MetadataField {
  const { type = 'varchar', csv = json.toLowerCase() } = more;
  return { column, type, label: { vi, en }, json, csv };
}
