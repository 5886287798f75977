import { rm } from 'node:fs/promises';
import path from 'node:path';
import { openControlStore } from '../control/store.ts';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import { openLandingStore } from '../warehouse/landing/directory-store.ts';
import type { ScratchHome } from '../workflows/certification/trial.ts';
import { openWarehouse } from './open-warehouse.ts';

/** Opens a home for one trial in an empty directory; closing it removes the directory. */
export async function openScratchHome(
  directory: string,
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
): Promise<ScratchHome> {
  const warehouse = await openWarehouse(directory, clock, log);
  const store = await openControlStore({
    database: { kind: 'sqlite', path: path.join(directory, 'control.db') },
    clock,
  });
  const landing = await openLandingStore({ root: path.join(directory, 'landing'), clock });
  return {
    ...{ warehouse, store, landing, directory },
    close: async () => {
      await warehouse.close();
      await store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
