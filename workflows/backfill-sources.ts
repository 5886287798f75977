import { assertNever } from '../core/assert-never.ts';
import { addDays, dateOfMonth, monthNumberOf, type CalendarDate } from '../core/calendar-date.ts';
import { ingestSource, type IngestActivities } from './ingest-source.ts';
import type { PipelineContext } from './pipeline.ts';

/** Which past to read, and how hard. */
export interface BackfillInput {
  readonly sources: readonly string[];
  readonly from: CalendarDate;
  /** The last day. */
  readonly to: CalendarDate;
  readonly by: 'month' | 'week' | 'day';
  readonly actor: string;
  /** Readings at a time. */
  readonly atOnce: number;
  /** Readings in one segment; the next one goes on. */
  readonly segment: number;
  /** Where a segment begins, and what the ones before it came to. */
  readonly begun?: BackfillCount & { readonly at: number };
}

/** What readings came to. */
export interface BackfillCount {
  readonly runs: number;
  readonly failed: number;
}

/** What a back-fill came to so far, and how it goes on. */
export interface BackfillEnd extends BackfillCount {
  readonly next?: BackfillInput;
}

/** One reading: a source's window. */
interface Reading {
  readonly source: string;
  readonly from: CalendarDate;
  readonly to: CalendarDate;
}

/**
 * Reads the past of sources, newest windows first, so that what people ask for most is there soonest; at most so many
 * readings at a time (D24). The sources' own cursors stay. A reading that fails is counted, and the others go on.
 */
export async function backfillSources(
  context: PipelineContext<IngestActivities>,
  input: BackfillInput,
): Promise<BackfillEnd> {
  const all = readingsOf(input);
  const at = input.begun?.at ?? 0;
  const end = Math.min(at + input.segment, all.length);
  const count = { runs: input.begun?.runs ?? 0, failed: input.begun?.failed ?? 0 };
  const waiting = all.slice(at, end).values();
  const lane = async (): Promise<void> => {
    for (const reading of waiting) {
      if (context.cancelled()) return;
      if (await read(context, input.actor, reading)) count.runs += 1;
      else count.failed += 1;
      const done = count.runs + count.failed;
      context.log({ step: readingStep(reading), done, total: all.length });
    }
  };
  await Promise.all(Array.from({ length: input.atOnce }, lane));
  if (end === all.length || context.cancelled()) return count;
  return { ...count, next: { ...input, begun: { ...count, at: end } } };
}

async function read(
  context: PipelineContext<IngestActivities>,
  actor: string,
  reading: Reading,
): Promise<boolean> {
  try {
    const end = await ingestSource(context, { ...reading, actor, full: true, keepCursor: true });
    return end.status !== 'failed' && end.status !== 'cancelled';
  } catch {
    // What it met lies in the run's row, or the source cannot be read at all.
    return false;
  }
}

function readingsOf({ sources, from, to, by }: BackfillInput): readonly Reading[] {
  const readings: Reading[] = [];
  for (let last = to; last >= from;) {
    const first = [from, firstDay(by, last)].sort().at(-1) ?? from;
    for (const source of sources) readings.push({ source, from: first, to: last });
    last = addDays(first, -1);
  }
  return readings;
}

/** The first day of the window that ends on this day. */
function firstDay(by: BackfillInput['by'], last: CalendarDate): CalendarDate {
  switch (by) {
    case 'month':
      return dateOfMonth(monthNumberOf(last), 1);
    case 'week':
      return addDays(last, -6);
    case 'day':
      return last;
    default:
      return assertNever(by);
  }
}

function readingStep({ source, from, to }: Reading) {
  return { vi: `Nạp bù ${source} ${from}–${to}`, en: `Back-filling ${source} ${from}–${to}` };
}
