import { existsSync } from 'node:fs';
import type { Clock } from '../../core/clock.ts';
import { readConfiguration } from '../../core/configuration.ts';
import { unnamedHome } from '../../core/home-profile.ts';
import { textMember } from '../../core/json-member.ts';
import { silentLogger } from '../../core/logger.ts';
import { addBuiltInTables } from '../../home/built-in-tables.ts';
import { addCitySources } from '../../home/demo-sources.ts';
import { makeHome } from '../../home/home-directory.ts';
import { openHome, type Home } from '../../home/open-home.ts';
import { systemCall } from '../../home/system-call.ts';
import { extractRequest } from './extract-request.ts';
import { cityDay, isPhase, type Phase } from './phases.ts';
import { homeState } from './home-state.ts';

/**
 * One phase of the main job in a process of its own, to be killed: `main-job.ts <home> <phase> <city url>`. Each phase
 * may be run again after it was killed, and ends in the same place.
 */
const call = systemCall();

const phases: Readonly<Record<Phase, (home: Home, url: string) => Promise<void>>> = {
  setup: async (home, url) => {
    await home.configure({ ...unnamedHome, solo: true, simulated: true });
    await addBuiltInTables(home);
    await addCitySources(home, { url, now: cityDay, years: 1 }, call);
    await addSchedules(home);
  },
  ingest: async (home) => {
    for (const source of ['reference', 'city-reference', 'covid', 'einvoice', 'dvc']) {
      const { status } = await home.services.sources.ingest(call, source, {});
      if (status !== 'ok' && status !== 'empty')
        throw new Error(`ingest of ${source} ended ${status}`);
    }
  },
  build: async (home) => {
    await home.services.assets.build(call, {});
  },
  report: async (home) => {
    await issue(home, 'administrative-procedures', '2026-11@nd09');
    await issue(home, 'epidemic-bulletin', '2026-W46');
  },
  extract: async (home) => {
    const { items } = await home.services.extracts.list(call, {});
    const asked = items[0] ?? (await home.services.extracts.request(call, extractRequest));
    if (asked['status'] === 'submitted')
      await home.services.extracts.approve(call, textMember(asked, 'id'));
  },
  schedules: async (home) => {
    await home.tick();
    await home.idle();
  },
};

async function issue(home: Home, report: string, period: string): Promise<void> {
  await home.services.reports.issue(call, report, { period });
}

async function addSchedules(home: Home): Promise<void> {
  const schedules = [
    {
      name: 'nightly-covid',
      target: { kind: 'ingest', source: 'covid' },
      calendar: { kind: 'daily', at: '02:00' },
    },
    {
      name: 'weekly-bulletin',
      target: { kind: 'report', report: 'epidemic-bulletin' },
      calendar: { kind: 'weekly', weekday: 1, at: '09:00' },
    },
  ] as const;
  for (const schedule of schedules) {
    if (await home.store.get('schedule', schedule.name)) continue;
    await home.services.schedules.add(call, schedule);
  }
}

/** The day after the city's last; the schedules run nine days later, when several of their times have passed. */
function clockOf(phase: string): Clock {
  const start = Date.parse(
    phase === 'schedules' ? '2026-12-02T00:00:00+07:00' : '2026-11-23T00:30:00+07:00',
  );
  return { now: () => new Date(start + performance.now()) };
}

async function run(directory: string, phase: string, url: string): Promise<void> {
  const { PHUSA_RUNNER, TEMPORAL_ADDRESS, TEMPORAL_PHUSA_HEARTBEAT_MS } = process.env;
  const configuration = readConfiguration({
    PHUSA_HOME: directory,
    PHUSA_RUNNER,
    TEMPORAL_ADDRESS,
    TEMPORAL_PHUSA_HEARTBEAT_MS,
  });
  if (!existsSync(directory)) await makeHome(directory, new Date(cityDay));
  const clock = clockOf(phase);
  const home = await openHome(configuration, {
    log: silentLogger,
    progress: () => undefined,
    clock,
  });
  process.stdout.write(`${JSON.stringify({ open: true, settled: home.settled })}\n`);
  if (isPhase(phase)) {
    const begun = performance.now();
    await phases[phase](home, url);
    const workedMs = performance.now() - begun;
    await home.close();
    process.stdout.write(`${JSON.stringify({ workedMs })}\n`);
  } else {
    process.stdout.write(`${JSON.stringify(await homeState(home, clock))}\n`);
  }
}

const [directory = '', phase = '', url = ''] = process.argv.slice(2);
await run(directory, phase, url);
