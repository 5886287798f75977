import type { SlotCalendars } from '../core/slot-calendar.ts';
import {
  periodCalendarOf,
  workingDayCalendarOf,
} from '../transforms/catalog/dimension-calendars.ts';
import { dimensionRows, type DimensionPack } from '../transforms/catalog/load-dimensions.ts';

/** Periods and working days from the built-in packs. */
export async function loadCalendars(packs: readonly DimensionPack[]): Promise<SlotCalendars> {
  const rows = async (stream: string) => {
    const pack = packs.find(({ contract }) => contract.stream === stream);
    return pack ? await dimensionRows(pack) : [];
  };
  return {
    periods: periodCalendarOf(await rows('period_kind'), await rows('school_term')),
    workingDays: workingDayCalendarOf(await rows('working_day')),
  };
}
