import type { JsonObject } from '../../core/json.ts';
import { silentLogger } from '../../core/logger.ts';
import { WorkingDayCalendar } from '../../core/working-day-calendar.ts';
import { periodCalendarOf } from '../../transforms/catalog/dimension-calendars.ts';
import {
  createBuildActivities,
  type BuildableAsset,
} from '../../workflows/activities/build-assets.ts';
import { createIngestActivities } from '../../workflows/activities/ingest-activities.ts';
import { createSlotActivities } from '../../workflows/activities/slot-activities.ts';
import type { ActivityFactory } from '../../workflows/embedded/host.ts';
import type { Activities } from '../../workflows/pipelines.ts';
import { fileOf, openIngestHome, type IngestHome } from '../workflows/ingest-home.ts';

/** What happened outside the warehouse, as the outside saw it. */
export interface Outside {
  /** Editions delivered: reference and how often. */
  readonly delivered: Map<string, number>;
  readonly made: Map<string, number>;
  readonly expired: { count: number };
  /** Looks at a report until its sources are complete. */
  looksUntilComplete: number;
  evenIncomplete: boolean[];
}

/** A home with every activity: real stores and warehouse; reports, extracts and mail counted in memory. */
export interface PipelineHome {
  readonly home: IngestHome;
  readonly outside: Outside;
  /** Called before an activity, and after its effect; throwing is a fault there. */
  fault: (
    name: keyof Activities,
    moment: 'before' | 'after',
    input: unknown,
  ) => void | Promise<void>;
  readonly activities: ActivityFactory;
  now: Date;
}

const asset = (key: string, sql: string, ...inputs: readonly string[]): BuildableAsset => ({
  key,
  sql,
  sha256: sql,
  inputs,
  checks: [],
});

const assets = [
  asset('staging.code', 'select code from staging.visit', 'staging.visit'),
  asset('mart.number', 'select count(*) as n from staging.code', 'staging.code'),
];

/** Opens one with two sources of two files each. */
export async function openPipelineHome(): Promise<PipelineHome> {
  const home = await openIngestHome();
  for (const source of ['kham', 'tiem']) await home.register(source);
  home.world.files.set('2026-10-a', fileOf(['1', '1.50'], ['2', '2']));
  home.world.files.set('2026-11-b', fileOf(['3', '3'], ['4', '4.25']));
  const outside: Outside = {
    delivered: new Map(),
    made: new Map(),
    expired: { count: 0 },
    looksUntilComplete: 0,
    evenIncomplete: [],
  };
  const made: PipelineHome = {
    home,
    outside,
    fault: () => undefined,
    now: new Date('2026-11-16T07:00:10+07:00'),
    activities: ({ progress, signal }) =>
      faulty(made, {
        ...createIngestActivities({ ...home.deps, signal }, progress),
        ...createBuildActivities({
          ...home.deps,
          assets,
          requireColumns: () => Promise.resolve(),
        }),
        ...createSlotActivities({
          store: home.store,
          clock: { now: () => made.now },
          log: silentLogger,
          calendars: { workingDays: new WorkingDayCalendar([]), periods: periodCalendarOf([]) },
        }),
        ...outsideActivities(outside),
      }),
  };
  return made;
}

type OutsideActivities = Pick<
  Activities,
  'factsOf' | 'issueEdition' | 'deliverEdition' | 'makeExtract' | 'expireDue'
>;

function outsideActivities(outside: Outside): OutsideActivities {
  const once = (counts: Map<string, number>, key: string): Promise<void> => {
    // As the delivery ledger and the extract's state do: what is there is not done again.
    if (!counts.has(key)) counts.set(key, 1);
    return Promise.resolve();
  };
  return {
    factsOf: () => Promise.resolve({ facts: ['mart.number'] }),
    issueEdition: ({ report, period, evenIncomplete }) => {
      outside.evenIncomplete.push(evenIncomplete);
      if (outside.looksUntilComplete > 0 && !evenIncomplete) {
        outside.looksUntilComplete -= 1;
        return Promise.resolve({ outcome: 'incomplete', edition: null });
      }
      return Promise.resolve({ outcome: 'issued', edition: `edition:${report}/${period}/v1` });
    },
    deliverEdition: ({ edition }) => once(outside.delivered, edition),
    makeExtract: ({ extract }) => once(outside.made, extract),
    expireDue: () => {
      outside.expired.count += 1;
      return Promise.resolve({ expired: 0 });
    },
  };
}

type AnyActivity = (input: unknown) => Promise<unknown>;

function faulty(home: PipelineHome, activities: Activities): Activities {
  const wrapped = Object.entries(activities).map(([key, activity]) => {
    const name = key as keyof Activities;
    const perform = activity as AnyActivity;
    const run: AnyActivity = async (input) => {
      await home.fault(name, 'before', input);
      const result = await perform(input);
      await home.fault(name, 'after', input);
      return result;
    };
    return [name, run] as const;
  });
  return Object.fromEntries(wrapped) as unknown as Activities;
}

/** A daily schedule of the tests. */
export const dailySchedule = (name: string, target: JsonObject): JsonObject => ({
  name,
  target,
  calendar: { kind: 'daily', at: '07:00' },
});
