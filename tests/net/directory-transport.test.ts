import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { collect } from '../../net/capped-body.ts';
import { directoryTransport } from '../../net/directory-transport.ts';

const place = mkdtempSync(join(tmpdir(), 'phusa-directory-'));
const root = join(place, 'root');
mkdirSync(join(root, 'inner'), { recursive: true });
writeFileSync(join(root, 'b.csv'), 'b');
writeFileSync(join(root, 'a.csv'), 'a');
writeFileSync(join(root, 'note.txt'), 'n');
writeFileSync(join(place, 'secret.csv'), 's');
symlinkSync(join(root, 'a.csv'), join(root, 'linked.csv'));
mkdirSync(join(place, 'bad'));
symlinkSync(join(place, 'secret.csv'), join(place, 'bad', 'out.csv'));
const files = directoryTransport([root]);

afterAll(() => rmSync(place, { recursive: true }));

describe('directory transport', () => {
  it('lists matching files by name with size and time', async () => {
    const found = await files.list(root, /\.csv$/);
    expect(found.map(({ name, bytes }) => [name, bytes])).toEqual([
      ['a.csv', 1],
      ['b.csv', 1],
      ['linked.csv', 1],
    ]);
    expect(found[0]?.modifiedAt).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('opens files, also through a link that stays inside', async () => {
    const bytes = await collect(files.open(join(root, 'linked.csv')));
    expect(Buffer.from(bytes).toString()).toBe('a');
  });

  it.each([
    ['..', join(root, '..', 'secret.csv')],
    ['absolute', '/etc/passwd'],
    ['sibling with the same beginning', join(place, 'root-2')],
  ])('H01 refuses a path outside: %s', async (_how, path) => {
    await expect(collect(files.open(path))).rejects.toMatchObject({
      code: expect.stringMatching(/path-refused|file-not-found/) as string,
    });
  });

  it('H02 refuses a link that leads out, in list and in open', async () => {
    const bad = directoryTransport([join(place, 'bad')]);
    await expect(bad.list(join(place, 'bad'), /csv/)).rejects.toMatchObject({
      code: 'path-refused',
    });
    await expect(collect(bad.open(join(place, 'bad', 'out.csv')))).rejects.toMatchObject({
      code: 'path-refused',
    });
  });

  it('says what is missing', async () => {
    await expect(files.list(join(root, 'nowhere'), /x/)).rejects.toMatchObject({
      group: 'data',
      code: 'file-not-found',
    });
  });
});
