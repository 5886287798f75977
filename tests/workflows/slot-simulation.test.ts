import { expect, it } from 'vitest';
import { simulateSlots } from '../harness/slot-simulation.ts';

it.each([1, 2, 3])(
  'D01 D03 D04 D05 D06 D13: 12 days of 8 schedules with restarts, leaps and overlaps have one row a slot (seed %i)',
  async (seed) => {
    const result = await simulateSlots({ days: 12, schedules: 8, seed });
    expect(result.nominal).toBeGreaterThan(50);
    expect(result).toMatchObject({ missed: [], unexpected: [], doubled: [] });
    expect(result.byStatus['running']).toBeUndefined();
  },
);
