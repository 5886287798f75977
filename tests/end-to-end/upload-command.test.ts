import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { phusa, startPhusa } from './command.ts';
import { openServedHome, type ServedHome } from './served-home.ts';

let served: ServedHome;
beforeAll(async () => {
  served = await openServedHome({ solo: true });
  const made = await served.run([
    ...['source', 'add', 'tep', '--connector', 'covid-daily'],
    ...['--set', 'base=inbox:', '--set', 'fileName=MM-DD-YYYY.csv', '--json'],
  ]);
  expect(made.stderr).toContain('nothing-found');
}, 120_000);
afterAll(() => served.remove());

const incoming = () => join(served.home, 'inbox', 'tep', '.incoming');
const partBytes = () =>
  readdirSync(incoming()).reduce((sum, name) => sum + statSync(join(incoming(), name)).size, 0);

it('H23: a command that is ended goes on at its byte when it is run again', async () => {
  const bytes = Buffer.alloc(30_000_000, 'số liệu giả lập\n');
  const file = join(served.files, '03-01-2022.csv');
  writeFileSync(file, bytes);
  mkdirSync(incoming(), { recursive: true });
  const first = startPhusa(served.home, ['source', 'upload', 'tep', file]);
  await vi.waitFor(() => expect(partBytes()).toBeGreaterThan(1_000_000), { timeout: 60_000 });
  expect(await first.stop()).not.toBe(0);
  const before = partBytes();
  expect(before).toBeLessThan(bytes.byteLength);
  const again = await phusa(served.home, ['source', 'upload', 'tep', file, '--json']);
  expect(again.exit).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject({
    name: '03-01-2022.csv',
    bytes: bytes.byteLength,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });
  expect(readFileSync(join(served.home, 'inbox', 'tep', '03-01-2022.csv')).equals(bytes)).toBe(
    true,
  );
  expect(readdirSync(incoming())).toEqual([]);
}, 180_000);
