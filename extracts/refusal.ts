import { PhusaError } from '../core/errors.ts';

/** Why an extract is refused before anything is read. */
export interface Refusal {
  readonly code: string;
  readonly vi: string;
  readonly en: string;
}

/** All refusals of a request as one data error; the first gives its code. */
export function refused(refusals: readonly [Refusal, ...Refusal[]]): PhusaError {
  return new PhusaError({
    group: 'data',
    code: refusals[0].code,
    message: {
      vi: `Không thể kết xuất: ${refusals.map(({ vi }) => vi).join(' ')}`,
      en: `The extract is refused: ${refusals.map(({ en }) => en).join(' ')}`,
    },
    remedy: {
      vi: 'Sửa yêu cầu; xem các bộ dữ liệu: phusa extract datasets.',
      en: 'Correct the request; see the datasets: phusa extract datasets.',
    },
  });
}
