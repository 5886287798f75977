import type { BatchCheck } from '../port.ts';
import { claimComparisons } from './comparisons.ts';

/** Share of a facility's claims with amounts that do not agree above which a person is told, in %. */
const tellAbovePercent = 5;

/** Findings of a batch. They warn: wrong arithmetic is the hospital's, and is reported, not refused. */
export const claimChecks: readonly BatchCheck[] = [
  ...claimComparisons.map((one) => amountsDiffer(one.name, one.label)),
  {
    code: 'claims-package-unsigned',
    severity: 'warn',
    stream: 'claim_package',
    label: {
      vi: 'Gói hồ sơ không có chữ ký đơn vị',
      en: 'Packages without the signature of the unit',
    },
    remedy: {
      vi: 'Hỏi cơ sở khám chữa bệnh; gói chưa ký là bản nháp.',
      en: 'Ask the health facility; an unsigned package is a draft.',
    },
    sql: `select 'package_name' as field, package_name as value from decoded_claim_package
      where _status is null and not is_signed order by package_name limit 100`,
  },
];

/** A treatment code may lead to a person, so a finding names the facility and how many of its claims it is about. */
function amountsDiffer(column: string, label: BatchCheck['label']): BatchCheck {
  return {
    code: `claims-${column.replaceAll('_', '-').replace(/matches$/, 'differs')}`,
    severity: 'warn',
    stream: 'claim',
    label: {
      vi: `Nhiều hồ sơ không thỏa: ${label.vi}`,
      en: `Many claims fail: ${label.en}`,
    },
    remedy: {
      vi: `Xem cột ${column} của bảng claim; đề nghị cơ sở kiểm tra.`,
      en: `See the column ${column} of claim; ask the facility to check.`,
    },
    sql: `select 'facility_code' as field, format('{}: {}/{}', facility_code, wrong, every) as value from (
      select facility_code, count(*) as every, count(*) filter (where not ${column}) as wrong
      from decoded_claim where _status is null group by facility_code)
      where wrong * 100 > every * ${tellAbovePercent} order by facility_code limit 100`,
  };
}
