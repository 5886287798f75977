import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../core/logger.ts';
import { detectEncoding } from '../../connectors/decode/detect-encoding.ts';
import { tcvn3Table, visciiTable } from '../../connectors/decode/legacy-tables.ts';
import {
  encodingNamed,
  pieceDecoder,
  type TextEncoding,
} from '../../connectors/decode/text-encoding.ts';
import { asUtf8, utf8Pieces } from '../../connectors/decode/transcode.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';

const directory = mkdtempSync(join(tmpdir(), 'encoding-'));
afterAll(() => rmSync(directory, { recursive: true }));
let files = 0;

function landed(bytes: Uint8Array): LandedFile {
  files += 1;
  const path = join(directory, `${files}.txt`);
  writeFileSync(path, bytes);
  const rest = { sha256: '', mediaType: undefined, request: undefined, receivedAt: '' };
  return { n: files, name: `tep-${files}.csv`, path, bytes: bytes.length, ...rest };
}

const latin = (text: string) => Buffer.from(text, 'latin1');
const motto =
  'Cộng hòa xã hội chủ nghĩa Việt Nam\nĐộc lập - Tự do - Hạnh phúc\nỦy ban nhân dân thành phố Hải Phòng';

/** The motto as officials' old files hold it, typed as the bytes look in Latin-1. */
const authentic: Readonly<Record<string, Buffer>> = {
  tcvn3: latin(
    'Céng hßa x· héi chñ nghÜa ViÖt Nam\n§éc lËp - Tù do - H¹nh phóc\nñy ban nh©n d©n thµnh phè H¶i Phßng',
  ),
  vni: latin(
    'Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam\nÑoäc laäp - Töï do - Haïnh phuùc\nUÛy ban nhaân daân thaønh phoá Haûi Phoøng',
  ),
  'windows-1258': latin(
    'Cô\u00f2ng ho\u00cca xa\u00de hô\u00f2i chu\u00d2 nghi\u00dea Viê\u00f2t Nam\n\u00d0ô\u00f2c lâ\u00f2p - T\u00fd\u00f2 do - Ha\u00f2nh phu\u00ecc\nU\u00d2y ban nhân dân tha\u00ccnh phô\u00ec Ha\u00d2i Pho\u00ccng',
  ),
  viscii: latin(
    'C\u00b5ng h\u00f2a x\u00e3 h\u00b5i ch\u00fc ngh\u00eea Vi\u00aet Nam\n\u00d0\u00b5c l\u00a7p - T\u00f1 do - H\u00d5nh ph\u00fac\n\u009cy ban nh\u00e2n d\u00e2n th\u00e0nh ph\u00af H\u00e4i Ph\u00f2ng',
  ),
};

const decoded = async (bytes: Uint8Array, encoding: TextEncoding, size: number) => {
  const pieces: Uint8Array[] = [];
  for await (const piece of utf8Pieces(chunks(bytes, size), encoding)) pieces.push(piece);
  return Buffer.concat(pieces).toString();
};

async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size)
    yield await Promise.resolve(bytes.subarray(at, at + size));
}

/** ABC fonts have no capital Ủ: files hold a small one. */
const expected = (encoding: string) => (encoding === 'tcvn3' ? motto.replace('Ủy', 'ủy') : motto);

describe('authentic spellings', () => {
  it.each(Object.keys(authentic))(
    'A41 %s is decoded to NFC, in pieces of any size',
    async (name) => {
      const encoding = encodingNamed(name) ?? 'utf-8';
      for (const size of [1, 2, 3, 7, 1000])
        expect(await decoded(authentic[name] ?? Buffer.of(), encoding, size)).toBe(expected(name));
    },
  );

  it.each(Object.keys(authentic))('A41 %s is recognised without a declaration', async (name) => {
    const file = landed(authentic[name] ?? Buffer.of());
    expect(await detectEncoding(file)).toEqual({
      encoding: name,
      because: 'vietnamese-words',
      lied: false,
    });
  });

  it.each(Object.keys(authentic))(
    'A41 %s is recognised under any lying declaration',
    async (name) => {
      const file = landed(authentic[name] ?? Buffer.of());
      for (const declared of ['windows-1258', 'tcvn3', 'viscii', 'vni', 'utf-8'] as const) {
        const found = await detectEncoding(file, declared);
        expect([declared, found.encoding, found.lied]).toEqual([declared, name, declared !== name]);
      }
    },
  );
});

describe('tables', () => {
  it.each([
    ['tcvn3', tcvn3Table],
    ['viscii', visciiTable],
  ] as const)('%s knows every Vietnamese letter once', (encoding, table) => {
    const letters = Array.from('aăâeêioôơuưyAĂÂEÊIOÔƠUƯY').flatMap((vowel) =>
      ['', '\u0300', '\u0301', '\u0303', '\u0309', '\u0323'].map((tone) =>
        `${vowel}${tone}`.normalize('NFC'),
      ),
    );
    const own = [...Array.from(table.upper), ...Object.values(table.lower)];
    const known = own.filter((char) => letters.includes(char));
    expect(new Set(known).size).toBe(known.length);
    const marked = [...letters.filter((letter) => letter > '~'), 'đ', 'Đ'];
    const missing = marked.filter((letter) => !own.includes(letter));
    // ABC files write capitals with small codes; these twelve lie among the control characters of TCVN 5712.
    const inControls = encoding === 'tcvn3' ? Array.from('ÚỤỪỬỮỨỰỲỶỸÝỴ') : [];
    expect(missing.toSorted()).toEqual(inControls.toSorted());
  });

  it('VNI gives every letter with every mark, small and capital', () => {
    const marks = 'ùøûõï';
    const tones = ['\u0301', '\u0300', '\u0309', '\u0303', '\u0323'];
    for (const [byte, base] of [
      ['a', 'a'],
      ['e', 'e'],
      ['o', 'o'],
      ['u', 'u'],
      ['ô', 'ơ'],
      ['ö', 'ư'],
    ] as const) {
      for (const [index, mark] of Array.from(marks).entries()) {
        const small = pieceDecoder('vni').text(latin(`${byte}${mark}`), true);
        const big = pieceDecoder('vni').text(latin(`${byte}${mark}`.toUpperCase()), true);
        const letter = `${base}${tones[index] ?? ''}`;
        expect([small.normalize('NFC'), big.normalize('NFC')]).toEqual([
          letter.normalize('NFC'),
          letter.toUpperCase().normalize('NFC'),
        ]);
      }
    }
    expect(pieceDecoder('vni').text(latin('ñÑíìæóòîÎaéaáEÄ'), true).normalize('NFC')).toBe(
      'đĐíìỉĩịỵỴắấỆ',
    );
  });

  it('names are known in the spellings files use', () => {
    const named = [
      'ISO-8859-1',
      'UTF8',
      'cp1258',
      'TCVN-3',
      'ABC',
      'VNI-WIN',
      'iso-8859-15',
      'ebcdic',
    ];
    expect(named.map(encodingNamed)).toEqual([
      'windows-1252',
      'utf-8',
      'windows-1258',
      'tcvn3',
      'tcvn3',
      'vni',
      'iso-8859-15',
      undefined,
    ]);
  });
});

describe('detection', () => {
  it.each([
    ['UTF-16LE with mark', Buffer.from(`\ufeff${motto}`, 'utf16le'), 'utf-16le'],
    ['UTF-16BE with mark', Buffer.from(`\ufeff${motto}`, 'utf16le').swap16(), 'utf-16be'],
    ['UTF-16LE without mark', Buffer.from(`ma,ten\n1,Huế`, 'utf16le'), 'utf-16le'],
    ['UTF-8 with mark', Buffer.from(`\ufeff${motto}`), 'utf-8'],
    ['UTF-8', Buffer.from(motto), 'utf-8'],
    ['decomposed UTF-8', Buffer.from(motto.normalize('NFD')), 'utf-8'],
  ] as const)('A41 %s, whatever is declared', async (_what, bytes, encoding) => {
    expect((await detectEncoding(landed(bytes))).encoding).toBe(encoding);
    const declared = await detectEncoding(landed(bytes), 'windows-1258');
    expect(declared).toMatchObject({ encoding, lied: true });
  });

  it('plain ASCII proves no declaration wrong', async () => {
    const found = await detectEncoding(landed(Buffer.from('ma,ten\n1,Hue')), 'tcvn3');
    expect(found).toEqual({ encoding: 'utf-8', because: 'ascii', lied: false });
  });

  it('believes a declared western encoding', async () => {
    const found = await detectEncoding(landed(latin('Índice;Extracción de hulla')), 'iso-8859-15');
    expect(found).toEqual({ encoding: 'iso-8859-15', because: 'declared', lied: false });
  });

  it('looks far into a file that begins with ASCII', async () => {
    const file = landed(
      Buffer.concat([Buffer.alloc(300_000, 'a,b\n'), authentic['tcvn3'] ?? Buffer.of()]),
    );
    expect((await detectEncoding(file)).encoding).toBe('tcvn3');
  });

  it('refuses what is no text of any encoding', async () => {
    const noise = landed(
      Buffer.from(Array.from({ length: 4000 }, (_, i) => ((i * 7919) % 255) + 1)),
    );
    await expect(detectEncoding(noise)).rejects.toMatchObject({
      code: 'encoding-unknown',
      group: 'data',
    });
  });

  it('never throws anything but a told reason', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        const file = landed(bytes);
        const outcome = await detectEncoding(file).then(
          ({ encoding }) => encoding,
          (error: unknown) => (error as { code: string }).code,
        );
        rmSync(file.path);
        expect(outcome).toMatch(/^(utf-|windows-1258|tcvn3|viscii|vni|encoding-unknown)/);
      }),
      { numRuns: 200 },
    );
  });
});

describe('transcoding', () => {
  const warned: unknown[] = [];
  const session: Pick<DecodeSession, 'scratch' | 'log'> = {
    scratch: (name) => join(directory, name),
    log: { ...silentLogger, warn: (event, facts) => void warned.push([event, facts]) },
  };

  it('gives UTF-8 files back as they are and writes others anew in NFC; lies are logged', async () => {
    const plain = landed(Buffer.from(motto));
    expect(await asUtf8(session, plain)).toBe(plain);
    const file = landed(authentic['vni'] ?? Buffer.of());
    const changed = await asUtf8(session, file, 'utf-8');
    expect(readFileSync(changed.path, 'utf8')).toBe(motto);
    expect(changed.bytes).toBe(Buffer.byteLength(motto));
    expect(warned).toEqual([
      [
        'decode.encoding-lied',
        { file: file.name, declared: 'utf-8', encoding: 'vni', because: 'vietnamese-words' },
      ],
    ]);
  });

  it('says when a marked file breaks its encoding', async () => {
    const cut = landed(Buffer.from([0xff, 0xfe, 0x41, 0x00, 0x00, 0xd8, 0x42, 0x00]));
    await expect(asUtf8(session, cut)).rejects.toMatchObject({ code: 'encoding-broken' });
  });
});
