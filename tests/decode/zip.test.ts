import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { zipLimits } from '../../connectors/decode/zip-limits.ts';
import type { ZipLimits } from '../../connectors/decode/zip-limits.ts';
import { readMember, streamMember } from '../../connectors/decode/zip-member.ts';
import { listZip } from '../../connectors/decode/zip-reader.ts';

const directory = mkdtempSync(join(tmpdir(), 'zip-'));
afterAll(() => rmSync(directory, { recursive: true }));
let files = 0;

function written(bytes: Uint8Array): string {
  files += 1;
  const path = join(directory, `${files}.zip`);
  writeFileSync(path, bytes);
  return path;
}

/** Lists and reads everything, whole and streamed; gives the texts. */
async function readAll(bytes: Uint8Array, limits: ZipLimits = zipLimits): Promise<string[]> {
  const path = written(bytes);
  const texts: string[] = [];
  const members = await listZip(path, 'goi.zip', limits);
  const fd = openSync(path, 'r');
  try {
    for (const member of members) {
      const whole = Buffer.from(readMember(fd, member, 'goi.zip', limits)).toString();
      const pieces: Uint8Array[] = [];
      for await (const piece of streamMember(path, fd, member, 'goi.zip', limits))
        pieces.push(piece);
      expect(Buffer.concat(pieces).toString()).toBe(whole);
      texts.push(whole);
    }
  } finally {
    closeSync(fd);
  }
  return texts;
}

/** Offsets of the central directory's entries. */
function centralEntries(zip: Uint8Array): number[] {
  const buffer = Buffer.from(zip);
  const offsets: number[] = [];
  for (let at = buffer.indexOf('PK\x01\x02'); at >= 0; at = buffer.indexOf('PK\x01\x02', at + 4))
    offsets.push(at);
  return offsets;
}

/** Overwrites bytes of the n-th central entry. */
function patched(zip: Uint8Array, entry: number, change: (at: number, b: Buffer) => void): Buffer {
  const buffer = Buffer.from(zip);
  change(centralEntries(zip)[entry] ?? -1, buffer);
  return buffer;
}

const two = () => zipSync({ 'a.xml': strToU8('<a/>'), 'b.xml': strToU8('<b/>') });

describe('zip reader', () => {
  it('reads members in directory order, stored and deflated', async () => {
    const zip = zipSync({
      'một.xml': [strToU8('<a>'.repeat(5000)), { level: 9 }],
      'thư mục/hai.xml': [strToU8('<b/>'), { level: 0 }],
    });
    expect(await readAll(zip)).toEqual(['<a>'.repeat(5000), '<b/>']);
  });

  it('reads an archive without entries', async () => {
    expect(await readAll(zipSync({}))).toEqual([]);
  });

  it.each(['../../x.xml', '/etc/x.xml', 'C:\\x.xml', 'a\\..\\x.xml', 'a/../../x.xml', 'C:x.xml'])(
    'H01 refuses the name %s',
    async (name) => {
      await expect(readAll(zipSync({ [name]: strToU8('x') }))).rejects.toMatchObject({
        group: 'data',
        code: 'zip-unsafe-name',
      });
    },
  );

  it('H02 refuses a symbolic link', async () => {
    const link = zipSync({ lnk: [strToU8('/etc/passwd'), { os: 3, attrs: 0o120777 << 16 }] });
    await expect(readAll(link)).rejects.toMatchObject({ code: 'zip-link' });
    const pipe = zipSync({ fifo: [strToU8(''), { os: 3, attrs: 0o010644 << 16 }] });
    await expect(readAll(pipe)).rejects.toMatchObject({ code: 'zip-link' });
  });

  it('H03 refuses a flat bomb by its ratio and by its size', async () => {
    const bomb = zipSync({ 'a.xml': [new Uint8Array(20 << 20), { level: 9 }] });
    await expect(readAll(bomb)).rejects.toMatchObject({ code: 'zip-ratio' });
    await expect(
      readAll(bomb, { ...zipLimits, ratio: 5000, entryBytes: 1 << 20 }),
    ).rejects.toMatchObject({ code: 'zip-too-big' });
    await expect(
      readAll(bomb, { ...zipLimits, ratio: 5000, totalBytes: 1 << 20 }),
    ).rejects.toMatchObject({ code: 'zip-too-big' });
  });

  it('H03 refuses a nested archive, and lets it through where asked', async () => {
    const nested = zipSync({ 'in.xml': two() });
    await expect(readAll(nested)).rejects.toMatchObject({ code: 'zip-nested' });
    await expect(readAll(nested, { ...zipLimits, nested: true })).resolves.toHaveLength(1);
  });

  it('H03 refuses overlapping entries', async () => {
    const overlap = patched(two(), 1, (at, buffer) => buffer.writeUInt32LE(0, at + 42));
    await expect(readAll(overlap)).rejects.toMatchObject({ code: 'zip-overlap' });
  });

  it('H03 refuses too many entries before reading them', async () => {
    await expect(readAll(two(), { ...zipLimits, entries: 1 })).rejects.toMatchObject({
      code: 'zip-too-many-entries',
    });
  });

  it.each([100, 10])('H04 counts instead of believing a declared size of %i', async (size) => {
    const zip = zipSync({ 'a.xml': [strToU8('<a>'.repeat(20)), { level: 9 }] });
    const lying = patched(zip, 0, (at, buffer) => buffer.writeUInt32LE(size, at + 24));
    const path = written(lying);
    const [member] = await listZip(path, 'goi.zip');
    const fd = openSync(path, 'r');
    if (!member) throw new Error('no member');
    expect(() => readMember(fd, member, 'goi.zip')).toThrow(
      expect.objectContaining({ code: 'zip-size-differs' }),
    );
    const drain = async () => {
      for await (const piece of streamMember(path, fd, member, 'goi.zip'))
        expect(piece).toBeDefined();
    };
    await expect(drain()).rejects.toMatchObject({ code: 'zip-size-differs' });
    closeSync(fd);
  });

  it('H04 refuses content that differs from its checksum', async () => {
    const altered = patched(two(), 0, (at, buffer) => buffer.writeUInt32LE(7, at + 16));
    await expect(readAll(altered)).rejects.toMatchObject({ code: 'zip-damaged' });
  });

  it('H05 refuses equal names and names that differ in case only', async () => {
    const clash = zipSync({ 'A.xml': strToU8('1'), 'a.XML': strToU8('2') });
    await expect(readAll(clash)).rejects.toMatchObject({ code: 'zip-duplicate-name' });
    const same = Buffer.from(
      Buffer.from(two()).toString('latin1').replaceAll('b.xml', 'a.xml'),
      'latin1',
    );
    await expect(readAll(same)).rejects.toMatchObject({ code: 'zip-duplicate-name' });
    const composed = zipSync({
      'hóa.xml': strToU8('1'),
      ['hóa.xml'.normalize('NFD')]: strToU8('2'),
    });
    await expect(readAll(composed)).rejects.toMatchObject({ code: 'zip-duplicate-name' });
  });

  it('refuses encrypted entries and other methods', async () => {
    const encrypted = patched(two(), 0, (at, buffer) => buffer.writeUInt16LE(1, at + 8));
    await expect(readAll(encrypted)).rejects.toMatchObject({ code: 'zip-encrypted' });
    const lzma = patched(two(), 0, (at, buffer) => buffer.writeUInt16LE(14, at + 10));
    await expect(readAll(lzma)).rejects.toMatchObject({ code: 'zip-method' });
  });

  it('refuses an archive cut anywhere', async () => {
    const zip = zipSync({ 'a.xml': [strToU8('<a>'.repeat(5000)), { level: 0 }] });
    for (let cut = 0; cut < zip.length; cut += 501)
      await expect(readAll(zip.subarray(0, cut))).rejects.toMatchObject({
        group: 'data',
        code: expect.stringMatching(/^zip-(truncated|damaged)$/) as string,
        place: { file: 'goi.zip' },
      });
  });
});
