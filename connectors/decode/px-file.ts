import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { literal, quoted } from '../../core/sql-text.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { openCellRows } from './cell-rows.ts';
import { cellCount, type Cube } from './cube.ts';
import { fileTrouble } from './decode-trouble.ts';
import { pxCube, type PxTable } from './px-cube.ts';
import { PxReader } from './px-statements.ts';
import { encodingNamed } from './text-encoding.ts';
import { asUtf8 } from './transcode.ts';

/** Where the cells of a cube are put, and in which language it is read. */
export interface CubeOptions {
  /** Name of the temporary table of cells, as `longTable` takes it. */
  readonly cells: string;
  /** A language of the file; its main one by default. */
  readonly language?: string;
}

/**
 * Reads a PX file: its cells into a temporary table `(n, given, value, status)`, numbered row by row over STUB then
 * HEADING. Missing signs (`"."` to `"......"`) have a status and no value; `"-"` is nil, the number 0. The code page that
 * the file declares is believed only as far as its bytes allow. A sparse file (KEYS) has the rows it writes.
 *
 * Throws data `file-not-px`, `px-malformed`, `file-cut`, `cells-miscounted`, `cube-too-big`, `encoding-unknown`.
 */
export async function readPx(
  session: DecodeSession,
  file: LandedFile,
  options: CubeOptions,
): Promise<Cube> {
  const declared = await declaredEncoding(file);
  const text = await asUtf8(session, file, declared);
  const tokens = `${options.cells} tokens`;
  const { statements, count } = await readTokens(session, text, tokens);
  const table = pxCube(file, statements, options.language);
  await numberCells(session, file, table, { tokens, count, cells: options.cells });
  return table.cube;
}

/** CODEPAGE, else what CHARSET="ANSI" means in the west. */
async function declaredEncoding(file: LandedFile) {
  const handle = await open(file.path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(16_384), 0, 16_384, 0);
    const head = buffer.toString('latin1', 0, bytesRead).replaceAll('\0', '');
    if (bytesRead === 0) throw fileTrouble('file-empty', file, '');
    if (!/(CHARSET|AXIS-VERSION|MATRIX|TITLE|LANGUAGE|STUB|HEADING|CODEPAGE)[^=;]*=/i.test(head))
      throw fileTrouble('file-not-px', file, head.slice(0, 40));
    return encodingNamed(/CODEPAGE\s*=\s*"([^"]*)"/i.exec(head)?.[1] ?? '') ?? 'windows-1252';
  } finally {
    await handle.close();
  }
}

async function readTokens(session: DecodeSession, file: LandedFile, into: string) {
  const rows = await openCellRows(session, into, ['n'], ['token']);
  let count = 0;
  const reader = new PxReader(file, (token) => {
    rows.add([count], [token.normalize('NFC')]);
    count += 1;
  });
  const pieces: AsyncIterable<string> = createReadStream(file.path, { encoding: 'utf8' });
  for await (const piece of pieces) {
    reader.write(
      count === 0 && reader.statements.length === 0 ? piece.replace(/^\ufeff/, '') : piece,
    );
    await rows.flush();
  }
  reader.end();
  await rows.close();
  if (!reader.inData) throw fileTrouble('file-cut', file, 'DATA');
  return { statements: reader.statements, count };
}

interface PxTokens {
  readonly tokens: string;
  readonly count: number;
  readonly cells: string;
}

async function numberCells(
  session: DecodeSession,
  file: LandedFile,
  table: PxTable,
  { tokens, count, cells }: PxTokens,
): Promise<void> {
  const expected = cellCount(table.cube.dimensions, file);
  const source = table.keys.length === 0 ? quoted(tokens) : sparseCells(table, tokens);
  if (table.keys.length === 0 && count !== expected)
    throw fileTrouble('cells-miscounted', file, `${count} / ${expected}`);
  if (table.keys.length > 0) await refuseUnknownKeys(session, file, table, tokens, count);
  const sign = `trim(token, '"')`;
  await session.run(`create or replace temp table ${quoted(cells)} as
    select n::bigint as n, token as given,
      case when ${sign} = '-' then '0' when token not like '"%' then token end as value,
      case when token like '"%' or token = '-' then ${sign} end as status
    from ${source}; drop table ${quoted(tokens)}`);
}

/** Rows of a sparse file: one key for each variable of KEYS, then the cells of the others. */
function rowShape({ cube, keys }: PxTable) {
  const inner = cube.dimensions
    .slice(keys.length)
    .reduce((product, { members }) => product * members.length, 1);
  return { inner, width: keys.length + inner };
}

function sparseCells(table: PxTable, tokens: string): string {
  const { inner, width } = rowShape(table);
  return `(select k.row * ${inner} + t.n % ${width} - ${table.keys.length} as n, t.token
    from ${quoted(tokens)} t join (${keyRows(table, tokens)}) k on k.line = t.n // ${width}
    where t.n % ${width} >= ${table.keys.length} and k.row is not null)`;
}

/** For each line of a sparse file the number of its row in the full table; NULL when a key is unknown. */
function keyRows(table: PxTable, tokens: string): string {
  const { width } = rowShape(table);
  const sizes = table.keys.map((_, k) => table.cube.dimensions[k]?.members.length ?? 1);
  const places = table.keys.map((by, k) => {
    const members = table.cube.dimensions[k]?.members ?? [];
    const names = members.map((member) => literal(by === 'CODES' ? member.code : member.label));
    const stride = sizes.slice(k + 1).reduce((product, size) => product * size, 1);
    const key = `trim(any_value(token) filter (where n % ${width} = ${k}), '"')`;
    return `(list_position([${names.join(', ')}], ${key}) - 1) * ${stride}`;
  });
  return `select n // ${width} as line, ${places.join(' + ')} as row from ${quoted(tokens)} group by 1`;
}

async function refuseUnknownKeys(
  session: DecodeSession,
  file: LandedFile,
  table: PxTable,
  tokens: string,
  count: number,
): Promise<void> {
  const { width } = rowShape(table);
  if (count % width !== 0) throw fileTrouble('cells-miscounted', file, `${count} / ${width}`);
  const [bad] = await session.rows(
    `select line + 1 as line from (${keyRows(table, tokens)}) where row is null order by 1 limit 1`,
  );
  if (bad !== undefined) throw fileTrouble('cells-miscounted', file, `KEYS: ${bad['line'] ?? ''}`);
}
