import type { ColumnContract, ColumnType, StreamContract } from '../../core/stream-contract.ts';

/** What the portal says of each province at the moment. */
export const provinceList: StreamContract = {
  stream: 'covid_province',
  layer: 'staging',
  label: { vi: 'COVID-19 theo tỉnh: hiện tại', en: 'COVID-19 by province: now' },
  key: ['province_number'],
  deletes: 'absence',
  columns: [
    column('province_number', 'integer', 'Số của tỉnh trong nguồn', 'Number of the province'),
    column('province_name', 'varchar', 'Tỉnh như nguồn ghi', 'Province as printed'),
    person('population', 'Dân số', 'Population'),
    person('total_case', 'Tổng ca mắc', 'Cases'),
    person('total_death', 'Tổng tử vong', 'Deaths'),
    person('total_active', 'Đang điều trị', 'Active cases'),
    person('total_recovered', 'Khỏi bệnh', 'Recovered'),
    column('updated_at', 'timestamp', 'Cập nhật lúc', 'Updated at'),
  ],
};

/** One row for each number of a series: province × measure × day. A day that the source leaves blank has none. */
export const provinceDay: StreamContract = {
  stream: 'covid_province_day',
  layer: 'staging',
  label: { vi: 'COVID-19 theo tỉnh và ngày', en: 'COVID-19 by province and day' },
  key: ['province_number', 'measure', 'report_day'],
  deletes: 'absence',
  partition: ['measure'],
  columns: [
    column('province_number', 'integer', 'Số của tỉnh trong nguồn', 'Number of the province'),
    column('measure', 'varchar', 'Chỉ tiêu', 'Measure'),
    column('report_day', 'date', 'Ngày báo cáo', 'Day of the report'),
    person('value', 'Số người', 'Persons'),
    column('value_as_given', 'varchar', 'Số như nguồn ghi', 'Number as printed'),
    column(
      'is_correction',
      'boolean',
      'Số báo dồn hoặc điều chỉnh',
      'Reported in bulk, or a correction',
    ),
  ],
};

function person(name: string, vi: string, en: string): ColumnContract {
  return { ...column(name, 'bigint', vi, en), unit: 'person' };
}

function column(name: string, type: ColumnType, vi: string, en: string): ColumnContract {
  return { name, type, label: { vi, en }, classification: 'public' };
}
