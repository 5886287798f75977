import path from 'node:path';
import { openKeyFile, type HomeKey } from '../control/key-file.ts';
import { openSecrets, type Secrets } from '../control/secrets.ts';
import { openSigningKey, type SigningKey } from '../control/signing-key.ts';
import { openControlStore, type HomeStore } from '../control/store.ts';
import { systemClock, type Clock } from '../core/clock.ts';
import type { Configuration } from '../core/configuration.ts';
import type { HomeProfile } from '../core/home-profile.ts';
import type { Logger } from '../core/logger.ts';
import type { Progress } from '../core/progress.ts';
import type { SlotCalendars } from '../core/slot-calendar.ts';
import { defineAssets } from '../transforms/catalog/assets-in-force.ts';
import type { Catalog } from '../transforms/catalog/catalog.ts';
import type { Indicator } from '../transforms/catalog/indicator.ts';
import { loadCatalog } from '../transforms/catalog/load-catalog.ts';
import { loadDimensions, type DimensionPack } from '../transforms/catalog/load-dimensions.ts';
import { loadIndicators } from '../transforms/catalog/load-indicators.ts';
import { openLandingStore } from '../warehouse/landing/directory-store.ts';
import type { LandingStore } from '../warehouse/landing/port.ts';
import type { Warehouse } from '../warehouse/port.ts';
import { requireHome } from './home-directory.ts';
import { homeProfile } from './home-profile-state.ts';
import { loadCalendars } from './load-calendars.ts';
import { openHomeWarehouse } from './open-warehouse.ts';
import { packageRoot } from './package-root.ts';
import { ownedContracts } from './registered-streams.ts';

/** What opening needs besides the configuration. */
export interface OpenOptions {
  readonly log: Logger;
  readonly progress: Progress;
  readonly clock?: Clock;
}

/** The stores, keys and catalogues that everything in a home stands on. */
export interface Foundations {
  readonly configuration: Configuration;
  readonly directory: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly warehouse: Warehouse;
  readonly store: HomeStore;
  readonly landing: LandingStore;
  /** Seals secrets, and what leaves the home for a Temporal server. */
  readonly key: HomeKey;
  readonly secrets: Secrets;
  readonly signing: SigningKey;
  readonly catalog: Catalog;
  readonly indicators: readonly Indicator[];
  /** The built-in reference tables. */
  readonly packs: readonly DimensionPack[];
  readonly calendars: SlotCalendars;
  readonly profile: () => Promise<HomeProfile>;
}

/**
 * Opens a home's stores, the warehouse first: where it is a file, its lock says who owns the home. What was opened is closed again when
 * something later fails.
 */
export async function openFoundations(
  configuration: Configuration,
  options: OpenOptions,
): Promise<Foundations> {
  const clock = options.clock ?? systemClock;
  const directory = path.resolve(configuration.home);
  requireHome(directory);
  const warehouse = await openHomeWarehouse(configuration, clock, options.log);
  try {
    const store = await openStore(configuration, directory, clock);
    try {
      const opened = { configuration, directory, clock, log: options.log, warehouse, store };
      return await overStores(opened);
    } catch (error) {
      await store.close();
      throw error;
    }
  } catch (error) {
    await warehouse.close();
    throw error;
  }
}

type Opened = Pick<
  Foundations,
  'configuration' | 'directory' | 'clock' | 'log' | 'warehouse' | 'store'
>;

async function overStores(opened: Opened): Promise<Foundations> {
  const { configuration, directory, clock, warehouse, store } = opened;
  const key = openKeyFile(configuration.keyFile ?? path.join(directory, 'home.key'));
  const transforms = path.join(packageRoot(), 'transforms');
  const packs = await loadDimensions(path.join(transforms, 'catalog/dimensions'));
  await prepareTables(warehouse, store, packs);
  return {
    ...opened,
    landing: await openLandingStore({ root: path.join(directory, 'landing'), clock }),
    key,
    secrets: openSecrets(store, key),
    signing: await openSigningKey(store, key),
    catalog: await openCatalog(warehouse, store, transforms),
    indicators: await loadIndicators(path.join(transforms, 'catalog/indicators')),
    packs,
    calendars: await loadCalendars(packs),
    profile: () => homeProfile(store),
  };
}

async function openStore(
  { databaseUrl }: Configuration,
  directory: string,
  clock: Clock,
): Promise<HomeStore> {
  return await openControlStore({
    database:
      databaseUrl === undefined
        ? { kind: 'sqlite', path: path.join(directory, 'control.db') }
        : { kind: 'postgres', url: databaseUrl },
    clock,
    anchorPath: path.join(directory, 'journal.anchor'),
  });
}

/** Tables of every reference pack and every registered source exist from the start, empty until they are filled. */
export async function prepareTables(
  warehouse: Warehouse,
  store: HomeStore,
  packs: readonly DimensionPack[],
): Promise<void> {
  const owned = (await ownedContracts(store)).map(({ contract }) => contract);
  const taken = new Set(owned.map(({ layer, stream }) => `${layer}.${stream}`));
  const others = packs
    .map(({ contract }) => contract)
    .filter(({ layer, stream }) => !taken.has(`${layer}.${stream}`));
  await warehouse.prepare([...owned, ...others]);
}

async function openCatalog(
  warehouse: Warehouse,
  store: HomeStore,
  directory: string,
): Promise<Catalog> {
  const catalog = await loadCatalog({ directory, tablesOf: (sql) => warehouse.tablesOf(sql) });
  const defined = catalog.assets.map(({ key, sql, sha256, dependsOn }) => ({
    key,
    sql,
    sha256,
    inputs: dependsOn,
  }));
  await defineAssets(store, defined);
  return catalog;
}
