import type { ColumnContract, ColumnType, StreamContract } from '../../core/stream-contract.ts';

/** One row for each line of a day's file: cumulative figures of a place, as printed. */
export const covidReport: StreamContract = {
  stream: 'covid_report',
  layer: 'staging',
  label: { vi: 'Báo cáo COVID-19 hằng ngày', en: 'COVID-19 daily report' },
  key: ['report_day', 'country_as_given', 'province_as_given', 'admin2', 'fips', 'occurrence'],
  deletes: 'absence',
  partition: ['report_day'],
  columns: [
    column('report_day', 'date', 'Ngày của tệp (UTC)', 'Day of the file (UTC)'),
    column('country', 'varchar', 'Quốc gia', 'Country'),
    column('province', 'varchar', 'Tỉnh, bang', 'Province or state'),
    column('admin2', 'varchar', 'Đơn vị cấp dưới', 'Second-level unit'),
    column('fips', 'varchar', 'Mã đơn vị', 'Unit code'),
    column('country_as_given', 'varchar', 'Quốc gia như nguồn ghi', 'Country as printed'),
    column('province_as_given', 'varchar', 'Tỉnh như nguồn ghi', 'Province as printed'),
    column('occurrence', 'integer', 'Lần xuất hiện trong tệp', 'Occurrence in the file'),
    column('confirmed', 'bigint', 'Ca mắc lũy kế', 'Cumulative confirmed cases', 'person'),
    column('deaths', 'bigint', 'Tử vong lũy kế', 'Cumulative deaths', 'person'),
    column('recovered', 'bigint', 'Khỏi bệnh lũy kế', 'Cumulative recovered', 'person'),
    column('active', 'bigint', 'Đang điều trị', 'Active cases', 'person'),
    column(
      'incident_rate',
      'decimal(18,6)',
      'Ca mắc trên 100.000 dân',
      'Cases per 100,000',
      'per 100,000',
    ),
    column('case_fatality_ratio', 'decimal(18,6)', 'Tỷ lệ tử vong', 'Case fatality ratio', '%'),
    column('latitude', 'decimal(12,8)', 'Vĩ độ', 'Latitude', 'degree'),
    column('longitude', 'decimal(12,8)', 'Kinh độ', 'Longitude', 'degree'),
    column('last_update', 'timestamptz', 'Thời điểm cập nhật', 'Last update'),
    column('header_generation', 'varchar', 'Thế hệ tiêu đề tệp', 'Header generation'),
  ],
};

function column(
  name: string,
  type: ColumnType,
  vi: string,
  en: string,
  unit?: string,
): ColumnContract {
  const label = { vi, en };
  return { name, type, label, classification: 'public', ...(unit === undefined ? {} : { unit }) };
}
