import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startCity, type City } from '../../simulator/city.ts';
import { stateOf } from '../kill/child-job.ts';
import { crashPoints } from '../kill/crash-points.ts';
import { disturb, type Hit, type Kill } from '../kill/disturbed-home.ts';
import { cityDay, phaseOrder, type Phase } from '../kill/phases.ts';
import { referenceHome, type Reference } from '../kill/reference-home.ts';
import { seededRandom } from '../kill/seeded-random.ts';

const wanted = Number(process.env['SOAK_KILLS'] ?? 100);
const seed = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000);
const root = mkdtempSync(path.join(tmpdir(), 'phusa-soak-'));
const random = seededRandom(seed);
const hits: Hit[] = [];
let city: City;
let reference: Reference;

beforeAll(async () => {
  city = await startCity({ now: cityDay, scale: 0.005, years: 0.11 });
  reference = await referenceHome(root, city.url);
});
afterAll(async () => {
  await city.close();
  rmSync(root, { recursive: true, force: true });
  console.log(`seed ${seed}\n${tableOfKills()}`);
});

it(`R1 C13 ${wanted} kills, home after home, end in the same content (seed ${seed})`, async () => {
  for (let n = 1; hits.length < wanted; n += 1) {
    const home = path.join(root, `home-${n}`);
    console.log(`home ${n}, ${hits.length} kills so far`);
    hits.push(...(await disturb(reference, home, killsOf(n), (line) => console.log(line))));
    expect(await stateOf(home, city.url), `seed ${seed}, home ${n}`).toEqual(reference.state);
    rmSync(home, { recursive: true });
  }
  const most = Math.floor(wanted / 50);
  for (const [id, point] of crashPoints) {
    const times = hits.filter((hit) => hit.point === point).length;
    expect(times, `${id} ${point}`).toBeGreaterThanOrEqual(most);
  }
});

/** Three named points and random moments of every phase, several in a row; each home begins with other points. */
function killsOf(n: number): readonly Kill[] {
  const named = [0, 1, 2].flatMap((step): readonly Kill[] => {
    const [, point] = crashPoints[(3 * n + step) % crashPoints.length] ?? [];
    return point ? [{ phase: 'ingest', point, passing: 1 + Math.floor(random() * 12) }] : [];
  });
  const later: readonly Phase[] = ['build', 'build', 'report', 'report', 'extract', 'extract'];
  return [...named, ...['ingest', 'ingest', ...later, 'schedules', 'schedules'].map(moment)];
}

/** A moment of a phase: one in four while the home is being opened, the others later. */
function moment(phase: string): Kill {
  const known = phaseOrder.find((one) => one === phase) ?? 'ingest';
  return { phase: known, from: 'start', afterMs: (0.1 + 0.8 * random()) * reference.ms[known] };
}

function tableOfKills(): string {
  const rows = [...new Set(hits.map(({ phase, point }) => `${phase} ${point}`))].sort();
  const count = (row: string): number =>
    hits.filter(({ phase, point }) => `${phase} ${point}` === row).length;
  return [...rows.map((row) => `${row}: ${count(row)}`), `all: ${hits.length}`].join('\n');
}
