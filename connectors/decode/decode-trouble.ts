import { PhusaError } from '../../core/errors.ts';
import type { Localized } from '../../core/localized.ts';
import type { LandedFile } from '../../warehouse/decode-session.ts';
import { reasonOf, type ReasonCode } from './reasons.ts';

/** A file that cannot be decoded as a whole: group data, with the registry's words and the file's name. */
export function fileTrouble(
  code: ReasonCode,
  file: Pick<LandedFile, 'name'>,
  detail: string,
  cause?: unknown,
): PhusaError {
  const { label, remedy } = reasonOf(code);
  const tail = detail === '' ? file.name : `${file.name}: ${detail}`;
  const message: Localized = { vi: `${label.vi}: ${tail}`, en: `${label.en}: ${tail}` };
  return new PhusaError({
    group: 'data',
    code,
    message,
    remedy,
    place: { file: file.name },
    cause,
  });
}
