import { PhusaError } from '../../core/errors.ts';
import type { Localized } from '../../core/localized.ts';

const words = {
  'claims-not-a-package': {
    vi: 'Không có gói hồ sơ BHYT (GIAMDINHHS) trong tệp',
    en: 'There is no claim package (GIAMDINHHS) in the file',
  },
  'nothing-found': { vi: 'Không có tệp gói nào', en: 'There is no package' },
  'claims-too-many-rows': {
    vi: 'Một bảng có quá nhiều dòng',
    en: 'A table has too many rows',
  },
  'claims-not-base64': {
    vi: 'Nội dung bảng không phải base64',
    en: 'The content of a table is not base64',
  },
} as const satisfies Record<string, Localized>;

const remedy: Localized = {
  vi: 'Kiểm tra cấu hình; nếu đúng, đề nghị cơ sở khám chữa bệnh gửi lại gói.',
  en: 'Check the configuration; if it is right, ask the health facility to send the package again.',
};

/** An error of group data about a package or a part of it. */
export function claimsTrouble(code: keyof typeof words, detail: string): PhusaError {
  const message = { vi: `${words[code].vi}: ${detail}`, en: `${words[code].en}: ${detail}` };
  return new PhusaError({ group: 'data', code, message, remedy, place: { file: detail } });
}
