import { PhusaError } from '../core/errors.ts';
import type { Localized } from '../core/localized.ts';

/** Wrong usage of the command line: exit 2. */
export function usageError(message: Localized, remedy?: Localized): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'wrong-usage',
    message,
    ...(remedy ? { remedy } : {}),
  });
}
