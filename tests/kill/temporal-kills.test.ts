import { describe, expect, it } from 'vitest';
import { temporalMissing } from '../harness/temporal-server.ts';
import { killIngest } from './temporal-kills.ts';

const kills = Number(process.env['TEMPORAL_KILLS'] ?? 4);
const seed = Number(process.env['KILL_SEED'] ?? 7);

describe.skipIf(temporalMissing())('ingest on Temporal', () => {
  it(`D02 D16 D17 D22: ${kills} kills of worker and server end in what an undisturbed ingest holds, nothing twice (seed ${seed})`, async () => {
    const { undisturbed, disturbed, workerKills } = await killIngest(kills, seed);
    expect(workerKills).toBeGreaterThan(0);
    expect(disturbed.faults).toEqual([]);
    expect(disturbed.tables).toEqual(undisturbed.tables);
    expect(disturbed.quarantine).toEqual(undisturbed.quarantine);
    expect(disturbed.changes).toEqual(undisturbed.changes);
  });
});
