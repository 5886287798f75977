import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { PhusaError } from '../core/errors.ts';
import { addDays, isoWeekday } from '../core/calendar-date.ts';
import { localDateOf, VIETNAM_ZONE } from '../core/calendar-zone.ts';
import type { DemoSize } from './demo-size.ts';
import { packageRoot } from './package-root.ts';

const demoSchema = z.strictObject({
  now: z.iso.date(),
  port: z.int(),
  scale: z.number(),
  years: z.int(),
});

/** What the demo keeps of its city, so that a second start finds the same one at the same address. */
export type DemoCity = z.infer<typeof demoSchema>;

/** A running simulated city. */
export interface RunningCity {
  readonly url: string;
  readonly now: string;
  readonly years: number;
  stop(): Promise<void>;
}

/** The demo's city as kept in the home; made at the first start: its last day is the last Sunday that has ended. */
export async function demoCity(home: string, madeAt: Date, size: DemoSize): Promise<DemoCity> {
  const file = path.join(home, 'demo.json');
  if (existsSync(file)) return demoSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const city: DemoCity = { now: lastSunday(madeAt), port: await freePort(), ...size };
  await writeFile(file, `${JSON.stringify(city)}\n`);
  return city;
}

/** Keeps a new port when the old one was taken by someone else. */
export async function keepPort(home: string, city: DemoCity): Promise<void> {
  await writeFile(path.join(home, 'demo.json'), `${JSON.stringify(city)}\n`);
}

function lastSunday(at: Date): string {
  const today = localDateOf(at, VIETNAM_ZONE);
  return addDays(today, -isoWeekday(today));
}

/** Starts the simulated city as a process of its own; it ends with this one. Takes another port if the kept one is taken. */
export async function startCity(home: string, city: DemoCity): Promise<RunningCity> {
  const port = (await isFree(city.port)) ? city.port : await freePort();
  if (port !== city.port) await keepPort(home, { ...city, port });
  const script = path.join(packageRoot(), 'dist/simulator/cli.js');
  const options = { now: city.now, port, scale: city.scale, years: city.years };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(process.execPath, [script, ...args, '--with-parent'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const url = await readyUrl(child);
  return { url, now: city.now, years: city.years, stop: () => stopped(child) };
}

async function readyUrl(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new TypeError('the city has no standard output');
  for await (const line of createInterface({ input: child.stdout })) {
    const ready = z.object({ url: z.string() }).safeParse(JSON.parse(line));
    if (ready.success) return ready.data.url;
  }
  throw new PhusaError({
    group: 'fatal',
    code: 'city-not-started',
    message: {
      vi: 'Thành phố mô phỏng không khởi động được.',
      en: 'The simulated city did not start.',
    },
    remedy: { vi: 'Chạy npm run build rồi thử lại.', en: 'Run npm run build and try again.' },
  });
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  await exited;
}

async function isFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== undefined;
}

async function freePort(): Promise<number> {
  const port = await listenOnce(0);
  if (port === undefined) throw new TypeError('no free port');
  return port;
}

function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      const bound = typeof address === 'object' && address ? address.port : undefined;
      server.close(() => resolve(bound));
    });
  });
}
