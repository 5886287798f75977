import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfiguration } from '../../core/configuration.ts';
import { textMember } from '../../core/json-member.ts';
import { silentLogger } from '../../core/logger.ts';
import { openHome, type Home } from '../../home/open-home.ts';
import { systemCall } from '../../home/system-call.ts';
import { startCity, type City } from '../../simulator/city.ts';
import { stateOf } from './child-job.ts';
import { disturb, type Kill } from './disturbed-home.ts';
import { extractRequest } from './extract-request.ts';
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

  it('an extract that was approved and not made is made when the home is opened again', async () => {
    const home = path.join(root, 'approved');
    cpSync(reference.home, home, { recursive: true });
    const first = await openHere(home);
    const asked = await first.services.extracts.request(systemCall(), {
      ...extractRequest,
      columns: ['report_date', 'deaths'],
    });
    const id = textMember(asked, 'id');
    await first.store.decide((journal) =>
      journal.record({
        kind: 'extract.approved',
        subject: id,
        actor: 'local',
        data: { status: 'approved', approver: 'local' },
      }),
    );
    await first.close();
    const second = await openHere(home);
    const { status, files } = await second.services.extracts.show(systemCall(), id);
    await second.close();
    expect(status).toBe('ready');
    expect(files).toContainEqual(expect.objectContaining({ name: 'data.csv' }));
    expect(existsSync(path.join(home, 'extracts', id, 'data.csv'))).toBe(true);
  });
});

function openHere(directory: string): Promise<Home> {
  return openHome(readConfiguration({ PHUSA_HOME: directory }), {
    log: silentLogger,
    progress: () => undefined,
  });
}

/** Four named points of a load, and a random moment of each later phase: two more than must hit. */
function fiveKills(): readonly Kill[] {
  const random = seededRandom(seed);
  const passing = (): number => 1 + Math.floor(random() * 8);
  const moment = (phase: 'build' | 'report' | 'extract'): Kill => ({
    phase,
    from: 'output',
    afterMs: 0.6 * random() * reference.workMs[phase],
  });
  return [
    { phase: 'ingest', point: 'raw-renamed', passing: passing() },
    { phase: 'ingest', point: 'staging', passing: passing() },
    { phase: 'ingest', point: 'before-commit', passing: passing() },
    { phase: 'ingest', point: 'after-commit', passing: passing() },
    moment('build'),
    moment('report'),
    moment('extract'),
  ];
}
