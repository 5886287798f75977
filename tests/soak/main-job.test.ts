import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startCity, type City } from '../../simulator/city.ts';
import { stateOf } from '../kill/child-job.ts';
import { crashPoints } from '../kill/crash-points.ts';
import { disturb, type Hit, type Kill } from '../kill/disturbed-home.ts';
import { cityDay, type Phase } from '../kill/phases.ts';
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
  say(`seed ${seed}\n${tableOfKills()}`);
});

it(`R1 C13 ${wanted} kills, home after home, end in the same content (seed ${seed})`, async () => {
  for (let n = 1; hits.length < wanted; n += 1) {
    const home = path.join(root, `home-${n}`);
    say(`home ${n}, ${hits.length} kills so far`);
    hits.push(...(await disturb(reference, home, killsOf(n), say)));
    expect(await stateOf(home, city.url), `seed ${seed}, home ${n}`).toEqual(reference.state);
    rmSync(home, { recursive: true });
  }
  const most = Math.floor(wanted / 50);
  for (const [id, point] of crashPoints) {
    const times = hits.filter((hit) => hit.point === point).length;
    expect(times, `${id} ${point}`).toBeGreaterThanOrEqual(most);
  }
});

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Every named point once, and random moments of every phase, many in a row. */
function killsOf(n: number): readonly Kill[] {
  const named = crashPoints.map((_, step): Kill => {
    const [, point] = crashPoints[(n + step) % crashPoints.length] ?? ['C01', 'after-fetch'];
    return { phase: 'ingest', point, passing: 1 + Math.floor(random() * 10) };
  });
  return [
    ...named,
    ...Array.from({ length: 5 }, () => moment('ingest', 0.1)),
    ...Array.from({ length: 4 }, () => moment('build', 0.5)),
    ...Array.from({ length: 4 }, () => moment('report', 0.5)),
    ...Array.from({ length: 3 }, () => moment('extract', 0.9)),
    ...Array.from({ length: 3 }, () => moment('schedules', 0.5)),
  ];
}

/** A moment of a phase: one in five while the home is being opened, the others within a share of its work. */
function moment(phase: Phase, share: number): Kill {
  return random() < 0.2
    ? { phase, from: 'start', afterMs: random() * reference.openMs }
    : { phase, from: 'output', afterMs: share * random() * reference.workMs[phase] };
}

function tableOfKills(): string {
  const rows = [...new Set(hits.map(({ phase, point }) => `${phase} ${point}`))].sort();
  const count = (row: string): number =>
    hits.filter(({ phase, point }) => `${phase} ${point}` === row).length;
  return [...rows.map((row) => `${row}: ${count(row)}`), `all: ${hits.length}`].join('\n');
}
