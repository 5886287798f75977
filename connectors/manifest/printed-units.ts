import { quoted } from '../../core/sql-text.ts';
import type { DecodeSession } from '../../warehouse/decode-session.ts';
import { makeLookup } from '../decode/lookup-table.ts';
import { unitOfText } from '../decode/unit-text.ts';
import { setAside } from './row-rules.ts';
import type { ManifestColumn } from './schema/column-schema.ts';
import type { ManifestStream } from './schema/stream-schema.ts';

/**
 * Reads the units that records print beside their numbers: the raw table gets `factor <n>`, what the number of column n
 * is to be multiplied with; NULL where the unit is not the column's. A blank unit is the column's own.
 */
export async function readUnits(
  session: DecodeSession,
  { columns }: ManifestStream,
  raw: string,
): Promise<void> {
  for (const [n, { unitFrom, unit }] of columns.entries()) {
    if (unitFrom === undefined) continue;
    const into = `unit_${n}`;
    const printed = `nullif(trim(${quoted(`u${n}`)}), '')`;
    await makeLookup(session, {
      into,
      from: quoted(raw),
      column: printed,
      columns: ['factor'],
      read: (text) => factorFor(text, unit),
    });
    await session.run(`create or replace temp table ${quoted(raw)} as
      select r.*, if(${printed} is null, 1, x.factor::bigint) as ${quoted(`factor ${n}`)}
      from ${quoted(raw)} r left join ${quoted(into)} x on x.given = ${printed}`);
  }
}

/** SQL for what a column's number is multiplied with; undefined where records print no unit. */
export function factorOf({ unitFrom }: ManifestColumn, n: number): string | undefined {
  return unitFrom === undefined ? undefined : quoted(`factor ${n}`);
}

/** Sends rows whose printed unit is another one to quarantine, with the unit as it came. */
export async function refuseUnits(
  session: DecodeSession,
  { stream, columns }: ManifestStream,
  raw: string,
): Promise<void> {
  for (const [n, { name, unitFrom }] of columns.entries()) {
    if (unitFrom === undefined) continue;
    const test = `r.${quoted(`factor ${n}`)} is null and r._malformed is null`;
    const text = `r.${quoted(`u${n}`)}`;
    const table = quoted(`decoded_${stream}`);
    await session.run(
      setAside({ table, raw: quoted(raw), name, test, reason: 'unit-unknown', text }),
    );
  }
}

function factorFor(text: string, own: string | undefined): readonly string[] | undefined {
  const { unit, exponent } = unitOfText(text);
  const isOwn = unit === own || unit === unitOfText(own ?? '').unit;
  return isOwn && exponent >= 0 ? [String(10 ** exponent)] : undefined;
}
