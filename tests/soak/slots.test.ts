import { expect, it } from 'vitest';
import { simulateSlots } from '../harness/slot-simulation.ts';

it('D01–D10: 400 days of 50 schedules with restarts, leaps and overlaps: one row a slot, none missed, none doubled', async () => {
  const seed = Number(process.env['SLOT_SEED'] ?? Date.now() % 1_000_000);
  const result = await simulateSlots({ days: 400, schedules: 50, seed });
  const { nominal, restarts, jumps, byStatus } = result;
  process.stdout.write(`${JSON.stringify({ seed, nominal, restarts, jumps, byStatus })}\n`);
  expect(result, `seed ${seed}`).toMatchObject({ missed: [], unexpected: [], doubled: [] });
  expect(restarts).toBeGreaterThan(50);
});
