import { PhusaError } from '../../core/errors.ts';
import type { Localized } from '../../core/localized.ts';
import type { Connector, ReadContext } from '../port.ts';
import { originsOf } from '../source-base.ts';
import { caseListsConfig, type CaseListsConfig } from './config.ts';
import { decodeCaseLists } from './decode.ts';
import { listFile, readCaseLists } from './read.ts';
import { diseaseCase } from './streams.ts';

/** Case lists of infectious diseases: CSV files and workbooks, columns found by header text. */
export const caseLists: Connector<CaseListsConfig> = {
  name: 'case-lists',
  version: '1.0.0',
  label: { vi: 'Danh sách ca bệnh truyền nhiễm', en: 'Case lists of infectious diseases' },
  description: {
    vi: 'Danh sách ca bệnh dạng CSV, Excel của trạm y tế, bệnh viện, CDC; cột tìm theo tên, nhiều cách viết.',
    en: 'Case lists in CSV and Excel of health stations, hospitals and the CDC; columns by name, in many spellings.',
  },
  config: caseListsConfig,
  secrets: {},
  capabilities: {
    cursor: 'none',
    deletes: 'tombstone',
    completeness: 'digest',
    timeZone: 'Asia/Ho_Chi_Minh',
  },
  streams: () => [diseaseCase],
  allowed: ({ base, networks }) => originsOf(base, networks),
  check,
  read: readCaseLists,
  decode: decodeCaseLists,
  checks: [
    {
      code: 'case-days-disagree',
      severity: 'warn',
      stream: 'disease_case',
      label: { vi: 'Ca có các ngày trái thứ tự', en: 'Cases whose days are out of order' },
      remedy: {
        vi: 'Đề nghị đơn vị báo cáo kiểm tra ngày khởi phát, nhập viện, ra viện, báo cáo.',
        en: 'Ask the reporter to check the days of onset, admission, discharge and report.',
      },
      sql: `select 'onset_on' as field, format('{}: {}', coalesce(reporting_facility, '?'), count(*)) as value
        from decoded_disease_case where _status is null
          and (onset_on > reported_on or admitted_on > discharged_on or onset_on > died_on)
        group by reporting_facility order by 2 limit 100`,
    },
  ],
};

async function check({ files, config }: ReadContext<CaseListsConfig>): Promise<Localized> {
  const found = await files.list(config.base, listFile);
  if (found.length > 0)
    return { vi: `Tìm thấy ${found.length} danh sách.`, en: `Found ${found.length} lists.` };
  throw new PhusaError({
    group: 'data',
    code: 'nothing-found',
    message: {
      vi: `Không có danh sách nào: ${config.base}`,
      en: `There is no list: ${config.base}`,
    },
    place: { value: config.base },
  });
}
