import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openKeyFile } from '../../control/key-file.ts';
import { openSecrets, type Secrets } from '../../control/secrets.ts';
import { openSigningKey, verifySignature } from '../../control/signing-key.ts';
import { openControlStore, type HomeStore } from '../../control/store.ts';

const password = 'mật-khẩu-của-nguồn-7261';

describe('secrets', () => {
  let root = '';
  let store: HomeStore;
  let secrets: Secrets;
  const keyFile = (): string => join(root, 'keys', 'home.key');

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'phusa-secrets-'));
    store = await openControlStore({
      database: { kind: 'sqlite', path: join(root, 'db', 'control.sqlite') },
      clock: { now: () => new Date('2026-07-01T00:00:00Z') },
    });
    secrets = openSecrets(store, openKeyFile(keyFile()));
  });
  afterEach(async () => {
    await store.close();
    rmSync(root, { recursive: true, force: true });
  });

  it('keeps a secret, replaces it, removes it', async () => {
    await secrets.set('tax', 'password', password, 'user:lan');
    expect(await secrets.open('tax', 'password')).toBe(password);
    await secrets.set('tax', 'password', 'another', 'user:lan');
    expect(await secrets.open('tax', 'password')).toBe('another');
    expect(await secrets.names('tax')).toEqual(['password']);
    await secrets.remove('tax', 'password', 'user:lan');
    await expect(secrets.open('tax', 'password')).rejects.toMatchObject({ code: 'secret-missing' });
    expect(await store.removable.all('sealed')).toEqual([]);
    expect(await store.verify()).toMatchObject({ intact: true });
  });

  it('J01 J08 J07 neither the database nor the journal says it', async () => {
    await secrets.set('tax', 'password', password, 'user:lan');
    const files = readdirSync(join(root, 'db')).map((name) => readFileSync(join(root, 'db', name)));
    expect(files.length).toBeGreaterThan(1);
    for (const bytes of files) expect(bytes.includes(password)).toBe(false);
    const entries = [];
    for await (const entry of store.journal({ kinds: ['secret.sealed'] })) entries.push(entry.data);
    expect(entries).toEqual([{ source: 'tax', name: 'password', version: 1, status: 'sealed' }]);
  });

  it('J01 another key opens nothing', async () => {
    await secrets.set('tax', 'password', password, 'user:lan');
    const stranger = openSecrets(store, openKeyFile(join(root, 'other.key')));
    const opened = stranger.open('tax', 'password');
    await expect(opened).rejects.toMatchObject({ code: 'seal-broken', group: 'fatal' });
    await expect(opened).rejects.not.toThrow(password);
  });

  it('J02 ciphertext moved to another source does not open', async () => {
    await secrets.set('tax', 'password', password, 'user:lan');
    await secrets.set('services', 'password', 'x', 'user:lan');
    const [row] = await store.removable.ofOwner('sealed', 'tax');
    await store.decide(async ({ removable }) => {
      if (row) await removable.write({ ...row, id: 'services/password', owner: 'services' });
    });
    await expect(secrets.open('services', 'password')).rejects.toMatchObject({
      code: 'seal-broken',
    });
  });

  it('J03 an older ciphertext put back does not open, whatever version it claims', async () => {
    await secrets.set('tax', 'password', 'old', 'user:lan');
    const [row] = await store.removable.ofOwner('sealed', 'tax');
    await secrets.set('tax', 'password', 'new', 'user:lan');
    for (const version of [1, 2]) {
      await store.decide(async ({ removable }) => {
        if (row) await removable.write({ ...row, version });
      });
      await expect(secrets.open('tax', 'password')).rejects.toMatchObject({ code: 'seal-broken' });
    }
  });

  it('J04 refuses a key file that is missing, exposed or malformed', () => {
    expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
    expect(() => openKeyFile(join(root, 'gone'), { create: false })).toThrow('does not exist');
    for (const mode of [0o640, 0o604, 0o620]) {
      chmodSync(keyFile(), mode);
      expect(() => openKeyFile(keyFile())).toThrow('can be read by its group or by others');
    }
    writeFileSync(join(root, 'short'), 'abc', { mode: 0o600 });
    expect(() => openKeyFile(join(root, 'short'))).toThrow('is not 32 bytes long');
  });

  it('signs with one key for the life of the home', async () => {
    const key = openKeyFile(keyFile());
    const [first, second] = await Promise.all([
      openSigningKey(store, key),
      openSigningKey(store, key),
    ]);
    expect(second.publicPem).toBe(first.publicPem);
    const bytes = new TextEncoder().encode('manifest');
    const signature = second.sign(bytes);
    expect(verifySignature(first.publicPem, bytes, signature)).toBe(true);
    expect(verifySignature(first.publicPem, new TextEncoder().encode('Manifest'), signature)).toBe(
      false,
    );
    expect(verifySignature(first.publicPem, bytes, 'nonsense')).toBe(false);
    expect(verifySignature('no key', bytes, signature)).toBe(false);
    expect((await store.get('home', store.homeId))?.data['signingKey']).toBe(first.publicPem);
    const [row] = await store.removable.all('key');
    expect(Buffer.from(row?.body ?? '', 'base64').includes('PRIVATE')).toBe(false);
  });
});
