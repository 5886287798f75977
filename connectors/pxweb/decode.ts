import { open } from 'node:fs/promises';
import { quoted } from '../../core/sql-text.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { longTable, type Cube } from '../decode/cube.ts';
import { fileTrouble } from '../decode/decode-trouble.ts';
import { readJsonStat } from '../decode/json-stat.ts';
import { readPx } from '../decode/px-file.ts';
import type { PxwebConfig, PxwebTable } from './config.ts';
import { figureColumns, figureRows, publishedAt } from './figures.ts';
import { pxwebTrouble } from './pxweb-trouble.ts';
import { typeTable } from '../decode/typed-select.ts';
import { sameText } from './selection.ts';
import { stagePublished } from '../socioeconomic-figure.ts';

/** Decodes one table: each part of its answer is a cube; their cells together are its figures. */
export async function decodeTable(session: DecodeSession, config: PxwebConfig): Promise<void> {
  const table = tableOf(session, config);
  const parts: string[] = [];
  let published = 'null::timestamptz';
  for (const file of session.files.filter(({ name }) => name !== 'metadata.json')) {
    refuseCut(file);
    const cube = await readCube(session, file, config.language);
    refuseShifted(table, cube, file);
    const long = `part ${file.n}`;
    await longTable(session, cube, 'cells', long);
    published = publishedAt(cube, config.timeZone);
    parts.push(figureRows(config, table, cube, { long, file: file.n }));
  }
  if (parts.length === 0) throw fileTrouble('file-empty', { name: table.id }, '');
  await session.run(
    `create or replace temp table ${quoted('given')} as ${parts.join(' union all by name ')}`,
  );
  await typeTable(session, 'decoded_socioeconomic_figure', {
    from: quoted('given'),
    columns: figureColumns,
    raw: `to_json({'dataset': dataset, 'indicator': indicator_name, 'area': area_name, 'period': period_as_given,
      'breakdown': breakdown_name, 'value': value_as_given, 'status': status})::varchar`,
    publishedAt: stagePublished(published),
  });
}

/** The table of a batch: by its file's name, or by the address its answers came from. */
function tableOf({ files }: DecodeSession, { tables }: PxwebConfig): PxwebTable {
  const [file] = files;
  const name = file?.name.normalize('NFC') ?? '';
  const address = file?.request?.['url'];
  const url = decodeURI(typeof address === 'string' ? address : '');
  const found = tables.find(({ path }) => path.normalize('NFC') === name || isUnder(url, path));
  if (found === undefined) throw fileTrouble('file-name-unknown', { name }, '');
  return found;
}

function isUnder(url: string, path: string): boolean {
  const [way = ''] = url.split('?');
  return way.endsWith(`/${path}`) || way.endsWith(`/tables/${path}/metadata`);
}

async function readCube(session: DecodeSession, file: LandedFile, language: string): Promise<Cube> {
  const handle = await open(file.path);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
  await handle.close();
  const start = buffer
    .toString('utf8', 0, bytesRead)
    .replace(/^\ufeff/, '')
    .trimStart();
  return start.startsWith('{')
    ? await readJsonStat(session, file, { cells: 'cells' })
    : await readPx(session, file, { cells: 'cells', language });
}

/** Codes of version 1 are ordinals: what was asked for by text must be what was answered. */
function refuseShifted(table: PxwebTable, { dimensions }: Cube, { request }: LandedFile): void {
  const asked = request?.['asked'];
  if (typeof asked !== 'object' || asked === null) return;
  for (const [code, texts] of Object.entries(asked)) {
    const name = sameText(code);
    const found = dimensions.find(
      (one) => sameText(one.code) === name || sameText(one.label) === name,
    );
    const given = found?.members.map(({ label }) => sameText(label)) ?? [];
    const wanted = Array.isArray(texts) ? texts.map((text) => sameText(String(text))) : [];
    if (JSON.stringify(given) !== JSON.stringify(wanted)) {
      const at = wanted.findIndex((text, index) => text !== given[index]);
      throw pxwebTrouble(
        'member-shifted',
        table.id,
        `${code}: ${wanted[at] ?? ''} → ${given[at] ?? ''}`,
      );
    }
  }
}

/** The listing's size of a file is kept with its receipt: fewer bytes are a cut file. */
function refuseCut(file: LandedFile): void {
  const listed = file.request?.['listedBytes'];
  if (typeof listed === 'number' && listed !== file.bytes)
    throw fileTrouble('file-cut', file, `${file.bytes} / ${listed} byte`);
}
