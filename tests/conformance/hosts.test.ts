import { describe } from 'vitest';
import { systemClock } from '../../core/clock.ts';
import { embeddedRunner } from '../../workflows/embedded/host.ts';
import { openTemporalHost } from '../harness/temporal-host.ts';
import { startTemporal, temporalMissing } from '../harness/temporal-server.ts';
import { hostConformance } from './host.ts';

hostConformance('embedded', (made) =>
  Promise.resolve({
    runner: embeddedRunner((call) => made.activities(call), systemClock),
    close: () => Promise.resolve(),
  }),
);

describe.skipIf(temporalMissing())('on a real server', () => {
  hostConformance('temporal', async ({ activities, home }) => {
    const server = await startTemporal();
    const host = await openTemporalHost({ address: server.address, activities, store: home.store });
    return {
      runner: host.runner,
      close: async () => {
        await host.close();
        await server.close();
      },
    };
  });
});
