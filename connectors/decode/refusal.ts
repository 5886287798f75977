import type { ErrorPlace } from '../../core/errors.ts';
import { PhusaError } from '../../core/errors.ts';
import type { Localized } from '../../core/localized.ts';

/** What a person is told of a refused file. */
export interface Refusal {
  readonly what: Localized;
  /** Follows `what`: the file, the line, the entry. */
  readonly where: Localized;
  readonly remedy: Localized;
  readonly place: ErrorPlace;
  readonly cause?: unknown;
}

/** The `data` error for a file that is refused. */
export function refusal(code: string, { what, where, remedy, place, cause }: Refusal): PhusaError {
  const message = { vi: `${what.vi}${where.vi}`, en: `${what.en}${where.en}` };
  return new PhusaError({ group: 'data', code, message, remedy, place, cause });
}
