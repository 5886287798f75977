import { expect, it } from 'vitest';
import { temporalMissing } from '../harness/temporal-server.ts';
import { killIngest } from '../kill/temporal-kills.ts';

const wanted = Number(process.env['TEMPORAL_KILLS'] ?? 200);
const seed = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000);

it.skipIf(temporalMissing())(
  `D16: ${wanted} kills of worker and server, home after home, end in the same content (seed ${seed})`,
  async () => {
    let done = 0;
    for (let n = 0; done < wanted; n += 1) {
      const result = await killIngest(Math.min(10, wanted - done), seed + n);
      expect(result.disturbed, `seed ${seed + n}`).toEqual(result.undisturbed);
      done += Math.max(result.workerKills, 1) + result.serverKills;
      process.stdout.write(`${done} kills\n`);
    }
  },
);
