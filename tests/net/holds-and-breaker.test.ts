import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HttpClient } from '../../net/http-client.ts';
import { fileHolds } from '../../net/origin-holds.ts';
import * as fault from '../harness/fault-server.ts';
import { originOf, testClient } from '../harness/test-client.ts';

let directory: string;
let server: fault.FaultServer | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'phusa-holds-'));
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(directory, { recursive: true });
});

const get = (client: HttpClient, path = '/a') =>
  client
    .send({ method: 'GET', url: `${server?.url ?? ''}${path}` })
    .then(async (answer) => await answer.text())
    .catch((error: unknown) => (error as { code?: string }).code);
const start = async (...faults: readonly fault.Fault[]) => {
  server = await fault.startFaultServer({ '/a': faults });
  return server;
};
const noon = Date.UTC(2026, 10, 22, 5);

describe('A23 a wait that a server asked for', () => {
  const client = (now: number) =>
    testClient(
      [originOf(server?.url ?? '')],
      { retries: 0 },
      { now: () => new Date(now), holds: fileHolds(join(directory, 'holds.json')) },
    );

  it('outlives the process: a new run does not ask before, and waits the rest', async () => {
    const one = await start(fault.status(429, { 'retry-after': '600' }), fault.answer('ok'));
    expect(await get(client(noon))).toBe('rate-limited');
    expect(await get(client(noon + 60_000))).toBe('rate-limited');
    expect(one.requests.length).toBe(1);
    const later = client(noon + 590_000);
    expect([await get(later), later.waits, one.requests.length]).toEqual(['ok', [10_000], 2]);
    expect(readFileSync(join(directory, 'holds.json'), 'utf8')).toBe('{}');
  });

  it('A25 is bounded: a year is a day', async () => {
    const one = await start(fault.status(429, { 'retry-after': '31536000' }), fault.answer('ok'));
    await get(client(noon));
    expect(await get(client(noon + 23 * 3_600_000))).toBe('rate-limited');
    expect(await get(client(noon + 86_400_001))).toBe('ok');
    expect(one.requests.length).toBe(2);
  });

  it('a damaged file counts as empty', async () => {
    await start(fault.answer('ok'));
    writeFileSync(join(directory, 'holds.json'), '{"http://x": ');
    expect(await get(client(noon))).toBe('ok');
  });
});

describe('a source that is down again and again', () => {
  it('is left alone after some failures in a row, and tried out after a minute', async () => {
    const one = await start(...Array<fault.Fault>(4).fill(fault.status(500)), fault.answer('ok'));
    let now = noon;
    const client = testClient([originOf(one.url)], { retries: 0 }, { now: () => new Date(now) });
    for (let n = 0; n < 4; n += 1) expect(await get(client)).toBe('server-error');
    expect([await get(client), one.requests.length]).toEqual(['source-suspended', 4]);
    now += 61_000;
    expect([await get(client), one.requests.length]).toEqual(['ok', 5]);
  });

  it('answers that are refusals do not count, and one that works sets the count back', async () => {
    const busy = fault.status(503);
    const one = await start(
      busy,
      busy,
      fault.status(404),
      busy,
      fault.answer('ok'),
      busy,
      fault.answer('ok'),
    );
    const client = testClient([originOf(one.url)], { retries: 0 });
    const codes = [];
    for (let n = 0; n < 7; n += 1) codes.push(await get(client));
    const down = 'server-error';
    expect(codes).toEqual([down, down, 'not-found', down, 'ok', down, 'ok']);
  });
});
