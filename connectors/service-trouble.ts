import { PhusaError } from '../core/errors.ts';
import type { Localized } from '../core/localized.ts';

/** What any service that is asked page by page can get wrong. */
export type CommonTrouble =
  | 'access-refused'
  | 'source-error'
  | 'answer-not-json'
  | 'page-repeats'
  | 'page-missing'
  | 'total-unstable'
  | 'total-too-small';

/** How a connector tells of its source's troubles. */
export interface TroubleWords<Own extends string> {
  /** Who answers, as a sentence begins with it. */
  readonly who: Localized;
  /** Troubles of this kind of source alone. */
  readonly own: Readonly<Record<Own, Localized>>;
  readonly remedy: Localized;
}

/** Makes an error of a trouble; `detail` says where or what. */
export type Troubled<Code extends string> = (
  code: Code,
  detail: string,
  cause?: unknown,
) => PhusaError;

/** Errors of one kind of source: fatal for refused access, data for everything it says or sends wrongly. */
export function serviceTrouble<Own extends string>({
  who,
  own,
  remedy,
}: TroubleWords<Own>): Troubled<CommonTrouble | Own> {
  const words: Readonly<Record<string, Localized>> = { ...commonWords(who), ...own };
  return (code, detail, cause) => {
    const said = words[code] ?? who;
    const message = { vi: `${said.vi}: ${detail}`, en: `${said.en}: ${detail}` };
    const group = code === 'access-refused' ? 'fatal' : 'data';
    return new PhusaError({ group, code, message, remedy, place: { value: detail }, cause });
  };
}

/** Who answers where it has no better name. */
export const theService: Localized = { vi: 'Dịch vụ', en: 'The service' };

function commonWords({ vi, en }: Localized): Readonly<Record<CommonTrouble, Localized>> {
  return {
    'access-refused': {
      vi: `${vi} từ chối tài khoản hoặc mã truy cập`,
      en: `${en} refuses the account or token`,
    },
    'source-error': { vi: `${vi} báo lỗi`, en: `${en} reports an error` },
    'answer-not-json': {
      vi: `${vi} không trả JSON trọn vẹn`,
      en: `${en} did not answer with complete JSON`,
    },
    'page-repeats': { vi: `${vi} lặp lại một trang`, en: `${en} repeats a page` },
    'page-missing': {
      vi: `${vi} trả ít bản ghi hơn tổng số đã khai`,
      en: `${en} gives fewer records than the total it declared`,
    },
    'total-too-small': {
      vi: `${vi} còn bản ghi ngoài tổng số đã khai`,
      en: `${en} has more records than the total it declared`,
    },
    'total-unstable': {
      vi: 'Tổng số bản ghi thay đổi trong khi đọc',
      en: 'The total changes while it is being read',
    },
  };
}
