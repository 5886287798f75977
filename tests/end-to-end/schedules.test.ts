import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { unnamedHome } from '../../core/home-profile.ts';
import { addBuiltInTables } from '../../home/built-in-tables.ts';
import { addCitySources } from '../../home/demo-sources.ts';
import { makeHome } from '../../home/home-directory.ts';
import type { Home } from '../../home/open-home.ts';
import { systemCall } from '../../home/system-call.ts';
import { writeCovidDirectory } from '../../simulator/covid/write-directory.ts';
import { startMailbox, type Mailbox } from '../delivery/mailbox.ts';
import { smallCity } from '../simulator/start.ts';
import { issuedEditions } from './issued-editions.ts';
import { openTestHome } from './opened-home.ts';

/** The clock of the test; moves only when it is set. */
let now = new Date('2025-10-05T22:00:00+07:00');
const clock = { now: () => now };
const report = 'report-epidemic-bulletin';
const address = 'lanhdao@haiphong.example';

const slotSchema = z.looseObject({
  nominal: z.string(),
  status: z.string(),
  reason: z.string().optional(),
  result: z.string().optional(),
});
type Slot = z.infer<typeof slotSchema>;

let root: string;
let home: Home;
let mailbox: Mailbox;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'phusa-schedules-'));
  mailbox = await startMailbox();
  await makeHome(path.join(root, 'home'), now);
  home = await opened({ PHUSA_SMTP_URL: mailbox.url });
  await home.configure({ ...unnamedHome, solo: true, simulated: true, mailTo: [address] });
  await addBuiltInTables(home);
  await home.services.sources.ingest(systemCall(), 'reference', {});
  await readPopulation(home);
  await covidUpTo('2025-10-05');
  const add = (schedule: object) => home.services.schedules.add(systemCall(), { ...schedule });
  await home.services.sources.add(systemCall(), {
    name: 'covid',
    connector: 'covid-daily',
    config: { base: path.join(root, 'covid') },
  });
  for (const source of ['reference', 'city-reference', 'covid'])
    await add({
      name: `ingest-${source}`,
      target: { kind: 'ingest', source },
      calendar: { kind: 'daily', at: '02:00' },
    });
  await add({
    name: report,
    target: { kind: 'report', report: 'epidemic-bulletin' },
    calendar: { kind: 'weekly', weekday: 1, at: '09:00' },
  });
}, 300_000);

afterAll(async () => {
  await home.close();
  await mailbox.stop();
  await rm(root, { recursive: true, force: true });
});

describe('a due report', () => {
  it('is not made before its time', async () => {
    await tickAt('2025-10-05T23:00:00+07:00');
    expect(await slotsOf(report)).toEqual([]);
  });

  it('is made by itself, once, and delivered as PDF and XLSX', async () => {
    await tickAt('2025-10-06T02:00:10+07:00');
    expect((await slotsOf('ingest-covid')).map(({ status }) => status)).toEqual(['ran']);
    await tickAt('2025-10-06T09:00:20+07:00');
    await tickAt('2025-10-06T09:01:20+07:00');
    await tickAt('2025-10-06T09:02:20+07:00');
    expect(await slotsOf(report)).toMatchObject([
      {
        nominal: '2025-10-06T02:00:00.000Z',
        status: 'ran',
        result: 'edition:epidemic-bulletin/2025-W40/v1',
      },
    ]);
    expect(editions()).toEqual(['edition:epidemic-bulletin/2025-W40/v1']);

    expect(mailbox.messages.map(({ to }) => to)).toEqual([address]);
    const [edition] = issuedEditions(home.directory);
    const sent = attachmentsOf(mailbox.messages[0]?.text ?? '');
    expect(sent).toEqual({
      'epidemic-bulletin_2025-W40_v1.pdf': edition?.manifest.files.pdf,
      'epidemic-bulletin_2025-W40_v1.xlsx': edition?.manifest.files.xlsx,
    });
    expect(await deliveries()).toMatchObject([{ status: 'sent' }]);
  });

  it('without a mail server its delivery is recorded as skipped, with the reason', async () => {
    await home.close();
    home = await opened({});
    await covidUpTo('2025-10-12');
    await tickAt('2025-10-13T02:00:10+07:00');
    await tickAt('2025-10-13T09:00:10+07:00');
    expect((await slotsOf(report)).at(-1)).toMatchObject({
      status: 'ran',
      result: 'edition:epidemic-bulletin/2025-W41/v1',
    });
    expect(mailbox.messages.length).toBe(1);
    const skipped = (await deliveries()).filter(({ status }) => status === 'skipped');
    expect(skipped).toMatchObject([{ data: { reason: 'no-smtp-url' } }]);
  });

  it('after weeks of outage: one current report, and a reason for each time that was missed', async () => {
    await covidUpTo('2025-11-02');
    await tickAt('2025-11-03T10:00:00+07:00');
    const slots = (await slotsOf(report)).slice(2);
    expect(
      slots.map(({ nominal, status, reason }) => [nominal.slice(0, 10), status, reason]),
    ).toEqual([
      ['2025-10-20', 'skipped', 'superseded'],
      ['2025-10-27', 'skipped', 'superseded'],
      ['2025-11-03', 'ran', undefined],
    ]);
    expect(editions()).toEqual(
      ['2025-W40', '2025-W41', '2025-W44'].map((week) => `edition:epidemic-bulletin/${week}/v1`),
    );
    const nights = await slotsOf('ingest-covid');
    expect(new Set(nights.map(({ nominal }) => nominal)).size).toBe(nights.length);
    expect(nights.every(({ status, reason }) => status === 'ran' || reason !== undefined)).toBe(
      true,
    );
    // One row for every night from 6 October to 3 November.
    expect(nights).toHaveLength(29);
  });

  it('a clock that jumps back makes nothing twice (D06)', async () => {
    const before = await slotsOf(report);
    await tickAt('2025-10-27T10:00:00+07:00');
    await tickAt('2025-11-03T10:05:00+07:00');
    expect(await slotsOf(report)).toEqual(before);
    expect(editions()).toHaveLength(3);
  });
});

async function opened(environment: Readonly<Record<string, string>>): Promise<Home> {
  return await openTestHome(path.join(root, 'home'), { clock, environment });
}

/** Two ticks: what is due is read at the first, a report that waited for it is issued at the second. */
async function tickAt(time: string): Promise<void> {
  now = new Date(time);
  for (let tick = 0; tick < 2; tick += 1) {
    await home.tick();
    await home.idle();
  }
}

/** Tiles and population of the simulated city; its other systems are not part of this test. */
async function readPopulation(into: Home): Promise<void> {
  const city = await smallCity();
  const added = await addCitySources(
    into,
    { url: city.url, now: '2025-10-05', years: 1 },
    systemCall(),
  );
  await into.services.sources.ingest(systemCall(), 'city-reference', {});
  for (const source of added.filter((name) => name !== 'city-reference'))
    await into.services.sources.remove(systemCall(), source);
}

async function covidUpTo(day: string): Promise<void> {
  await writeCovidDirectory({ directory: path.join(root, 'covid'), now: day, from: '2025-09-15' });
}

/** Slots of a schedule as `schedule why` tells them, by nominal time. */
async function slotsOf(schedule: string): Promise<readonly Slot[]> {
  const { slots } = await home.services.schedules.why(systemCall(), schedule);
  return slots
    .map((slot) => slotSchema.parse(slot))
    .sort((a, b) => (a.nominal < b.nominal ? -1 : 1));
}

async function deliveries() {
  const { rows } = await home.store.list('delivery', { order: 'oldest', limit: 100 });
  return rows;
}

function editions(): readonly string[] {
  return issuedEditions(home.directory).map(({ manifest }) => manifest.reference);
}

/** Attachments of a mail: name → SHA-256. */
function attachmentsOf(mail: string): Readonly<Record<string, string>> {
  const parts = mail.matchAll(/filename="?([^"\r\n;]+)"?[^]*?\r\n\r\n([A-Za-z0-9+/=\r\n]+)/g);
  return Object.fromEntries(
    [...parts].map(([, name = '', body = '']) => [
      name,
      createHash('sha256').update(Buffer.from(body, 'base64')).digest('hex'),
    ]),
  );
}
