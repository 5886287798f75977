import { failureOf } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import { produce, type ExtractServiceDependencies } from './extract-services.ts';
import type { Call } from './port.ts';

/**
 * Makes the bundles of extracts that were approved and never finished: the process was killed or the disk was full.
 * Only while nobody else can be making one, as a home does before it serves. One that cannot be made now (its mart is
 * yet to be built) is logged and tried at the next opening. Returns how many became ready.
 */
export async function resumeExtracts(
  deps: ExtractServiceDependencies,
  call: Call,
  log: Logger,
): Promise<number> {
  const open = await deps.store.list('extract', {
    status: ['approved', 'producing'],
    order: 'oldest',
    limit: 1000,
  });
  let ready = 0;
  for (const { id } of open.rows) {
    try {
      await produce(deps, call, id);
      ready += 1;
    } catch (error) {
      const { code, message } = failureOf(error);
      log.warn('extract-not-resumed', { extract: id, code, message: message.en });
    }
  }
  return ready;
}
