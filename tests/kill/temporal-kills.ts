import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startCity } from '../../simulator/city.ts';
import { freePort, startTemporal } from '../harness/temporal-server.ts';
import { finishPhase, runPhase, stateOf } from './child-job.ts';
import type { HomeState } from './home-state.ts';
import { cityDay } from './phases.ts';
import { seededRandom } from './seeded-random.ts';

/** What became of an ingest whose worker and server were killed. */
export interface KilledIngest {
  readonly undisturbed: HomeState;
  readonly disturbed: HomeState;
  readonly workerKills: number;
  readonly serverKills: number;
}

/**
 * Ingests a small simulated city on Temporal, again and again in new homes, killing the worker, and every third time the
 * server with it, at random moments of the work, until so many kills have hit; then lets the last home end.
 */
export async function killIngest(kills: number, seed: number): Promise<KilledIngest> {
  const random = seededRandom(seed);
  const root = mkdtempSync(path.join(tmpdir(), 'phusa-temporal-'));
  const city = await startCity({ now: cityDay, scale: 0.003, years: 0.08 });
  const port = await freePort();
  const file = path.join(root, 'server.db');
  let server = await startTemporal({ file, port });
  const env = {
    PHUSA_RUNNER: 'temporal',
    TEMPORAL_ADDRESS: server.address,
    TEMPORAL_PHUSA_HEARTBEAT_MS: '1000',
  };
  const prepared = path.join(root, 'prepared');
  const embedded = path.join(root, 'embedded');
  const home = path.join(root, 'disturbed');
  try {
    await finishPhase(prepared, 'setup', city.url);
    cpSync(prepared, embedded, { recursive: true });
    await finishPhase(embedded, 'ingest', city.url);
    const undisturbed = await stateOf(embedded, city.url);
    cpSync(prepared, home, { recursive: true });
    let workerKills = 0;
    let serverKills = 0;
    for (let tries = 0; workerKills < kills && tries < 3 * kills; tries += 1) {
      const killAfterMs = 300 + random() * 2_500;
      const exit = await runPhase(home, 'ingest', city.url, {
        env,
        killFrom: 'output',
        killAfterMs,
      });
      if (exit.signal === null && exit.code !== 0) throw new Error(`${exit.stdout}${exit.stderr}`);
      if (exit.signal === null) continue;
      workerKills += 1;
      if (random() > 0.34) continue;
      await server.kill();
      server = await startTemporal({ file, port });
      serverKills += 1;
    }
    await finishPhase(home, 'ingest', city.url, env);
    const disturbed = await stateOf(home, city.url);
    return { undisturbed, disturbed, workerKills, serverKills };
  } finally {
    await server.close();
    await city.close();
    rmSync(root, { recursive: true, force: true });
  }
}
