import type { ControlStore } from '../control/port.ts';
import type { Clock } from '../core/clock.ts';
import type { HomeProfile } from '../core/home-profile.ts';
import type { Language } from '../core/localized.ts';
import type { PeriodCalendar } from '../core/period-calendar.ts';
import type { Catalog } from '../transforms/catalog/catalog.ts';
import type { Warehouse } from '../warehouse/port.ts';
import type { FillingSource } from './completeness.ts';
import type { EditionStore } from './edition-store.ts';

/** What making editions works with. */
export interface EditionDependencies {
  readonly store: ControlStore;
  readonly warehouse: Warehouse;
  readonly editions: EditionStore;
  readonly catalog: Catalog;
  readonly periods: PeriodCalendar;
  readonly language: Language;
  readonly clock: Clock;
  /** Base of links printed on reports; null = none. */
  readonly publicUrl: string | null;
  profile(): Promise<HomeProfile>;
  /** Active sources and the tables they fill. */
  sources(): Promise<readonly FillingSource[]>;
}
