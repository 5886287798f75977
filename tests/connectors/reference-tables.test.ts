import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { referenceTables } from '../../connectors/reference-tables/connector.ts';
import { openSourceHome, type SourceHome } from '../harness/source-home.ts';

let home: SourceHome;
let base: string;
beforeEach(async () => {
  home = await openSourceHome();
  base = mkdtempSync(join(tmpdir(), 'phusa-reference-'));
});
afterEach(async () => {
  rmSync(base, { recursive: true });
  await home.remove();
});

const label = { vi: 'x', en: 'x' };
const config = () => ({
  base,
  tables: [
    {
      stream: 'unit',
      file: 'don-vi.csv',
      label,
      key: ['code'],
      columns: [
        { name: 'code', header: 'ma', type: 'varchar', label },
        { name: 'title', header: 'ten', type: 'varchar', label },
      ],
    },
  ],
});

const latin = (text: string) => Buffer.from(text, 'latin1');
const names = ['Ủy ban nhân dân thành phố Hải Phòng', 'Cộng hòa xã hội chủ nghĩa Việt Nam'];
const utf8 = `ma,ten\n1,${names[0] ?? ''}\n2,${names[1] ?? ''}\n`;

/** The same table as old programs wrote it, typed as the bytes look in Latin-1. */
const files: readonly (readonly [string, Uint8Array])[] = [
  ['UTF-8', Buffer.from(utf8)],
  ['UTF-8, decomposed', Buffer.from(utf8.normalize('NFD'))],
  ['UTF-16 with a mark', Buffer.from(`\ufeff${utf8}`, 'utf16le')],
  ['UTF-16, big end first', Buffer.from(`\ufeff${utf8}`, 'utf16le').swap16()],
  [
    'windows-1258',
    latin(
      'ma,ten\n1,U\u00d2y ban nhân dân tha\u00ccnh phô\u00ec Ha\u00d2i Pho\u00ccng\n2,Cô\u00f2ng ho\u00cca xa\u00de hô\u00f2i chu\u00d2 nghi\u00dea Viê\u00f2t Nam\n',
    ),
  ],
  [
    'VISCII',
    latin(
      'ma,ten\n1,\u009cy ban nh\u00e2n d\u00e2n th\u00e0nh ph\u00af H\u00e4i Ph\u00f2ng\n2,C\u00b5ng h\u00f2a x\u00e3 h\u00b5i ch\u00fc ngh\u00eea Vi\u00aet Nam\n',
    ),
  ],
  [
    'VNI',
    latin(
      'ma,ten\n1,UÛy ban nhaân daân thaønh phoá Haûi Phoøng\n2,Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam\n',
    ),
  ],
];

it.each(files)(
  'A41 a reference table in %s is read, and its texts are in NFC',
  async (_name, bytes) => {
    writeFileSync(join(base, 'don-vi.csv'), bytes);
    const { batches, failure } = await home.ingest(referenceTables, config());
    expect([failure, batches.map(({ status, findings }) => [status, findings])]).toEqual([
      undefined,
      [['published', []]],
    ]);
    expect((await home.rows('select title from dim.unit order by code')).flat()).toEqual(names);
  },
);

it('TCVN3 has no accented capitals of its own: letters come back, their case as it was written', async () => {
  writeFileSync(
    join(base, 'don-vi.csv'),
    latin('ma,ten\n1,ñy ban nh©n d©n thµnh phè H¶i Phßng\n2,Céng hßa x· héi chñ nghÜa ViÖt Nam\n'),
  );
  await home.ingest(referenceTables, config());
  expect((await home.rows('select title from dim.unit order by code')).flat()).toEqual([
    'ủy ban nhân dân thành phố Hải Phòng',
    names[1],
  ]);
});

it('A41 bytes of no known encoding: the lines are told, the table is not published', async () => {
  writeFileSync(
    join(base, 'don-vi.csv'),
    Buffer.concat([
      Buffer.from('ma,ten\n1,a'),
      Buffer.from([0xff, 0xc1, 0x80]),
      Buffer.from('b\n'),
    ]),
  );
  const { batches } = await home.ingest(referenceTables, config());
  expect(batches.map(({ status }) => status)).not.toContain('published');
});
