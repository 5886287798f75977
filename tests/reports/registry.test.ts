import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { slotsBetween, type SlotCalendars } from '../../core/slot-calendar.ts';
import { reports } from '../../reports/registry.ts';
import {
  periodCalendarOf,
  workingDayCalendarOf,
} from '../../transforms/catalog/dimension-calendars.ts';
import { dimensionRows, loadDimensions } from '../../transforms/catalog/load-dimensions.ts';

const dimensions = fileURLToPath(new URL('../../transforms/catalog/dimensions', import.meta.url));
let calendars: SlotCalendars;

beforeAll(async () => {
  const packs = await loadDimensions(dimensions);
  const rows = (stream: string) => {
    const pack = packs.find(({ contract }) => contract.stream === stream);
    return pack ? dimensionRows(pack) : Promise.resolve([]);
  };
  calendars = {
    periods: periodCalendarOf(await rows('period_kind')),
    workingDays: workingDayCalendarOf(await rows('working_day')),
  };
});

describe('the registry', () => {
  it('has each report once, in a folder of its name', () => {
    const names = reports.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) {
      const folder = fileURLToPath(new URL(`../../reports/${name}/report.ts`, import.meta.url));
      expect(existsSync(folder), name).toBe(true);
    }
  });

  it.each([
    ['administrative-procedures', '2026-10-12', '2026-10-16T01:00:00.000Z', '2026-10@nd09'],
    ['epidemic-bulletin', '2026-11-08', '2026-11-09T02:00:00.000Z', '2026-W45'],
  ])('%s is due in its own calendar', (name, from, at, period) => {
    const report = reports.find((candidate) => candidate.name === name);
    if (!report) throw new Error(`no report ${name}`);
    const start = new Date(`${from}T00:00:00Z`);
    const end = new Date(start.getTime() + 6 * 86_400_000);
    const slots = slotsBetween(report.schedule, start, end, calendars);
    expect(slots.map((slot) => [slot.at.toISOString(), slot.period])).toEqual([[at, period]]);
  });
});
