import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCity, type City } from '../../simulator/city.ts';
import { stateOf } from './child-job.ts';
import { disturb, type Kill } from './disturbed-home.ts';
import { cityDay } from './phases.ts';
import { referenceHome, type Reference } from './reference-home.ts';
import { seededRandom } from './seeded-random.ts';

const seed = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000);
const root = mkdtempSync(path.join(tmpdir(), 'phusa-kill-'));
let city: City;
let reference: Reference;

beforeAll(async () => {
  city = await startCity({ now: cityDay, scale: 0.005, years: 0.11 });
  reference = await referenceHome(root, city.url);
}, 600_000);
afterAll(async () => {
  await city.close();
  rmSync(root, { recursive: true, force: true });
});

describe('the main job', () => {
  it('undisturbed leaves nothing open, half or twice', () => {
    expect(reference.state.faults).toEqual([]);
    expect(reference.state.editions).toHaveLength(3);
    expect(reference.state.extracts).toEqual([expect.stringMatching(/^ready [1-9]\d* rows/)]);
  });

  it(`R1 killed five times ends in the same home (seed ${seed})`, async () => {
    const home = path.join(root, 'disturbed');
    const hits = await disturb(reference, home, fiveKills(), (line) => console.log(line));
    expect(hits.length, `seed ${seed}`).toBeGreaterThanOrEqual(5);
    expect(await stateOf(home, city.url), `seed ${seed}`).toEqual(reference.state);
  }, 600_000);
});

/** Three named points of a load, and a random moment of each later phase: one more than must hit. */
function fiveKills(): readonly Kill[] {
  const random = seededRandom(seed);
  const passing = (): number => 1 + Math.floor(random() * 8);
  const moment = (phase: 'build' | 'report' | 'extract'): Kill => ({
    phase,
    from: 'output',
    afterMs: 0.8 * random() * reference.workMs[phase],
  });
  return [
    { phase: 'ingest', point: 'raw-renamed', passing: passing() },
    { phase: 'ingest', point: 'before-commit', passing: passing() },
    { phase: 'ingest', point: 'after-commit', passing: passing() },
    moment('build'),
    moment('report'),
    moment('extract'),
  ];
}
