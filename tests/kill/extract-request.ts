import type { JsonObject } from '../../core/json.ts';

/** A small extract from a mart without protected subjects. */
export const extractRequest: JsonObject = {
  dataset: 'mart.covid_daily_total',
  columns: ['country', 'report_date', 'confirmed', 'deaths'],
  format: 'csv',
  purpose: 'Kiểm thử (mô phỏng) / test (simulated)',
  recipient: 'Phòng thử nghiệm (mô phỏng)',
  expires: '2027-06-30',
};
