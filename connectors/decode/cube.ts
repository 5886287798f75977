import { literal, quoted } from '../../core/sql-text.ts';
import type { DecodeSession, LandedFile } from '../../warehouse/decode-session.ts';
import { openCellRows } from './cell-rows.ts';
import { fileTrouble } from './decode-trouble.ts';

/** A statistical table of any number of dimensions, as PX and JSON-stat have it; its cells are in the engine. */
export interface Cube {
  readonly label: string;
  readonly source: string;
  /** As the file says; PX gives local time, and some sources the last day of 9999. */
  readonly updated: string;
  /** The unit of all cells, where members have none of their own. */
  readonly unit: string;
  readonly decimals: number | undefined;
  /** In the order in which cells are numbered: the last one changes first. */
  readonly dimensions: readonly CubeDimension[];
}

/** One dimension. */
export interface CubeDimension {
  /** The source's code where it has one, else its name. */
  readonly code: string;
  readonly label: string;
  readonly role: 'time' | 'metric' | 'geo' | undefined;
  readonly members: readonly CubeMember[];
}

/** One member of a dimension. */
export interface CubeMember {
  /** The source's code; its text where the source has no codes. */
  readonly code: string;
  readonly label: string;
  readonly unit?: string;
  readonly decimals?: number;
  /** Whether it is a total of other members, where the source says so. */
  readonly isTotal?: true;
}

/** Members of all dimensions together that are read; the largest tables of statistics offices have some 100,000. */
const mostMembers = 2_000_000;

/** How many cells a cube of these dimensions has. Throws data `cube-too-big`. */
export function cellCount(dimensions: readonly CubeDimension[], file: LandedFile): number {
  const members = dimensions.reduce((sum, one) => sum + one.members.length, 0);
  const cells = dimensions.reduce((product, one) => product * one.members.length, 1);
  if (members > mostMembers || !Number.isSafeInteger(cells)) {
    throw fileTrouble('cube-too-big', file, `${members} / ${cells}`);
  }
  return cells;
}

/**
 * Makes the long table of a cube out of its cells `(n bigint from 0, given varchar, value varchar, status varchar)`: one
 * row for each cell with `n`, `given`, `value`, `status`, and for each dimension k from 0 `code_k` and `text_k` (codes and
 * texts of its member), by arithmetic on the cell's number; `unit`, `decimals`; `total_k` for members said to be totals.
 */
export async function longTable(
  session: DecodeSession,
  cube: Cube,
  cells: string,
  into: string,
): Promise<void> {
  const members = `${into} members`;
  await writeMembers(session, cube, members);
  const strides = cube.dimensions.map((_, k) =>
    cube.dimensions.slice(k + 1).reduce((product, one) => product * one.members.length, 1),
  );
  const joins = cube.dimensions.map(
    ({ members: own }, k) =>
      `join ${quoted(members)} m${k} on m${k}.dimension = ${k} and m${k}.n = (c.n // ${strides[k] ?? 1}) % ${own.length}`,
  );
  const columns = cube.dimensions.map(
    (_, k) => `m${k}.code as code_${k}, m${k}.text as text_${k}, m${k}.total = 1 as total_${k}`,
  );
  const some = (column: string) => cube.dimensions.map((_, k) => `m${k}.${column}`).join(', ');
  await session.run(`create or replace temp table ${quoted(into)} as
    select c.n, c.given, c.value, c.status, ${columns.join(', ')},
      coalesce(${some('unit')}, ${literal(cube.unit)}) as unit,
      coalesce(${some('decimals')}, ${cube.decimals ?? 'null::integer'}) as decimals
    from ${quoted(cells)} c ${joins.join(' ')};
    drop table ${quoted(members)}; drop table ${quoted(cells)}`);
}

async function writeMembers(session: DecodeSession, cube: Cube, table: string): Promise<void> {
  const rows = await openCellRows(
    session,
    `${table} given`,
    ['dimension', 'n', 'total', 'decimals'],
    ['code', 'text', 'unit'],
  );
  for (const [k, { members }] of cube.dimensions.entries()) {
    for (const [n, member] of members.entries()) {
      const { code, label, unit, decimals, isTotal } = member;
      rows.add([k, n, isTotal ? 1 : 0, decimals ?? -1], [code, label, unit ?? null]);
      await rows.flush();
    }
  }
  await rows.close();
  await session.run(`create or replace temp table ${quoted(table)} as
    select * replace (nullif(decimals, -1) as decimals) from ${quoted(`${table} given`)};
    drop table ${quoted(`${table} given`)}`);
}
