import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLandingStore } from '../../warehouse/landing/directory-store.ts';
import type { BatchOrigin, LandingStore } from '../../warehouse/landing/port.ts';
import { runChild } from '../harness/killer.ts';

const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

const origin = (batch: string): BatchOrigin => ({
  batch,
  key: `window ${batch}`,
  source: 'covid',
  connector: 'covid-daily',
  connectorVersion: '1',
});

const hello = new TextEncoder().encode('xin chào');

describe('landing store in a directory', () => {
  let root = '';
  let now = new Date('2026-07-01T00:00:00Z');
  let store: LandingStore;

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'phusa-landing-'));
    now = new Date();
    store = await openLandingStore({ root, clock: { now: () => now } });
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  it('keeps equal bytes once and every receipt of them', async () => {
    const batch = await store.open(origin('b1'));
    expect(await batch.land({ name: 'a.csv', bytes: hello })).toEqual({
      n: 0,
      sha256: sha256(hello),
      bytes: hello.byteLength,
      name: 'a.csv',
    });
    await batch.land({ name: 'b.csv', bytes: hello, mediaType: 'text/csv' });
    const files = await store.seal('b1');
    expect(files.map(({ n, name }) => [n, name])).toEqual([
      [0, 'a.csv'],
      [1, 'b.csv'],
    ]);
    const [first] = files;
    expect(first && readFileSync(first.path).equals(hello)).toBe(true);
    expect(
      readdirSync(join(root, 'sha256')).flatMap((d) => readdirSync(join(root, 'sha256', d))),
    ).toEqual([sha256(hello)]);
    expect(await store.receipt('b1', 1)).toMatchObject({
      batch: 'b1',
      key: 'window b1',
      mediaType: 'text/csv',
      connectorVersion: '1',
      receivedAt: now.toISOString(),
    });
    expect(existsSync(join(root, 'receipts', 'b1', '1.json'))).toBe(true);
  });

  it('hashes a stream while it comes, and lands nothing of one that breaks', async () => {
    async function* chunks(fail: boolean): AsyncGenerator<Uint8Array, void> {
      for (let i = 0; i < 50; i += 1) yield await Promise.resolve(new Uint8Array(10_000).fill(i));
      if (fail) throw new Error('connection reset');
    }
    const batch = await store.open(origin('b2'));
    await expect(batch.land({ name: 'broken', bytes: chunks(true) })).rejects.toThrow('reset');
    const landed = await batch.land({ name: 'whole', bytes: chunks(false) });
    expect(landed).toMatchObject({ n: 0, bytes: 500_000 });
    expect(await store.seal('b2')).toHaveLength(1);
    expect(readdirSync(join(root, 'tmp'))).toEqual([]);
    const parts: Uint8Array[] = [];
    for await (const part of store.bytes(landed.sha256)) parts.push(part);
    expect(sha256(Buffer.concat(parts))).toBe(landed.sha256);
  });

  it('shows a batch only once it is sealed, and seals once', async () => {
    const batch = await store.open(origin('b3'));
    await batch.land({ name: 'a', bytes: hello });
    await expect(store.files('b3')).rejects.toMatchObject({ code: 'landed-batch-missing' });
    const sealed = await store.seal('b3');
    expect(await store.seal('b3')).toEqual(sealed);
    await expect(store.open(origin('b3'))).rejects.toMatchObject({ code: 'landed-batch-sealed' });
  });

  it('seals an empty batch', async () => {
    await store.open(origin('nothing'));
    expect(await store.seal('nothing')).toEqual([]);
  });

  it('refuses a batch id that would leave its directory', async () => {
    for (const name of ['../x', '.open', '', 'a/b', 'x'.repeat(201)])
      await expect(store.open(origin(name))).rejects.toMatchObject({
        code: 'landed-batch-name-invalid',
      });
  });

  it('L19 sees that landed bytes were changed or removed', async () => {
    const batch = await store.open(origin('b4'));
    const { sha256: name } = await batch.land({ name: 'a', bytes: hello });
    const [file] = await store.seal('b4');
    expect(await store.verify(name)).toBe(true);
    appendFileSync(file?.path ?? '', '!');
    expect(await store.verify(name)).toBe(false);
    await expect(store.files('b4')).rejects.toMatchObject({ code: 'landed-object-altered' });
    const again = await store.open(origin('b5'));
    await again.land({ name: 'a', bytes: hello });
    expect(await store.verify(name)).toBe(true);
    rmSync(file?.path ?? '');
    expect(await store.verify(name)).toBe(false);
    await expect(store.files('b4')).rejects.toMatchObject({ code: 'landed-object-missing' });
  });

  it('L20 keeps no cookie, token or password of request and response', async () => {
    const batch = await store.open(origin('b6'));
    await batch.land({
      name: 'page',
      bytes: hello,
      request: {
        method: 'GET',
        url: 'https://user:pa55word@city.test/api?page=1',
        headers: { Authorization: 'Bearer pa55word', Cookie: 'sid=pa55word', Accept: 'text/csv' },
      },
      response: {
        status: 200,
        headers: { 'Set-Cookie': 'sid=pa55word', 'x-access-token': 'pa55word', etag: '"7"' },
      },
    });
    await store.seal('b6');
    const text = readFileSync(join(root, 'receipts', 'b6', '0.json'), 'utf8');
    expect(text).not.toContain('pa55word');
    expect(await store.receipt('b6', 0)).toMatchObject({
      request: {
        method: 'GET',
        url: 'https://city.test/api?page=1',
        headers: { Accept: 'text/csv' },
      },
      response: { status: 200, headers: { etag: '"7"' } },
    });
  });

  it('sweeps what was never sealed, after an hour, unless it is known', async () => {
    for (const name of ['old', 'running', 'done']) await store.open(origin(name));
    await store.seal('done');
    const known = (batch: string): Promise<boolean> => Promise.resolve(batch === 'running');
    expect(await store.sweep(known)).toBe(0);
    now = new Date(now.getTime() + 3_700_000);
    expect(await store.sweep(known)).toBe(1);
    expect(readdirSync(join(root, 'receipts', '.open'))).toEqual(['running']);
    expect(await store.files('done')).toEqual([]);
  });

  it('lands and seals hundreds of small files in a second', async () => {
    const started = performance.now();
    const batch = await store.open(origin('many'));
    for (let i = 0; i < 300; i += 1)
      await batch.land({ name: `${i}.xml`, bytes: new TextEncoder().encode(`<a>${i}</a>`) });
    expect(await store.seal('many')).toHaveLength(300);
    expect(performance.now() - started).toBeLessThan(15_000);
  });

  it.each([
    ['C02', 'raw-written'],
    ['C03', 'raw-renamed'],
  ])(
    '%s killed at %s: nothing half is seen, the rerun ends as if undisturbed',
    async (_, point) => {
      const child = join(import.meta.dirname, 'landing-child.ts');
      const killed = await runChild(child, { args: [root], crashAt: `${point}:3` });
      expect(killed).toMatchObject({ signal: 'SIGKILL' });
      expect(killed.stderr).toContain(`crash point ${point}`);
      await expect(store.files('killed')).rejects.toMatchObject({ code: 'landed-batch-missing' });
      expect(await runChild(child, { args: [root] })).toMatchObject({ code: 0 });
      const files = await store.files('killed');
      expect(files.map(({ name }) => name)).toEqual(['0', '1', '2', '3', '4']);
      for (const file of files) expect(await store.verify(file.sha256)).toBe(true);
      expect(readdirSync(join(root, 'tmp'))).toEqual([]);
    },
  );
});
