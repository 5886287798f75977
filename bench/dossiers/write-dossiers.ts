import { DuckDBInstance } from '@duckdb/node-api';
import { z } from 'zod';
import { literal } from '../../core/sql-text.ts';
import type { Facts } from '../effort.ts';

const inputShape = z.object({ rows: z.int().positive(), first: z.string(), second: z.string() });

/**
 * Writes two CSV files of invented dossiers, streamed by DuckDB and equal on every machine. In each, every hundredth
 * row repeats an earlier key: half of these are exact copies, half a newer version. In the second file, 1 % of the dossiers
 * have changed.
 */
export async function writeDossiers(given: unknown): Promise<Facts> {
  const { rows, first, second } = inputShape.parse(given);
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '1GB' });
  const connection = await instance.connect();
  await connection.run(copy(rows, first, 'false'));
  await connection.run(copy(rows, second, 'number % 100 = 7'));
  connection.closeSync();
  instance.closeSync();
  return {};
}

function copy(rows: number, path: string, changed: string): string {
  return `copy (${dossiers(rows, changed)}) to ${literal(path)} (format csv, header true)`;
}

/** Versions of one dossier: 0 as first received, 1 a newer one in the same file, 2 as changed before the second load. */
function dossiers(rows: number, changed: string): string {
  return `
    with numbered as (
      select if(i % 100 = 99, i - 50, i) as number, if(i % 200 = 199, 1, 0) as repeat
      from range(${rows}) r(i)),
    versions as (
      select number, if(${changed}, 2, repeat) as version,
        (hash(number) % 1000003)::bigint as draw,
        timestamp '2024-01-01 07:30:00' + to_seconds((number * 17) % 63072000) as submitted
      from numbered)
    select
      'H31.' || lpad(number::varchar, 12, '0') as dossier_code,
      '1.' || lpad((draw % 2400)::varchar, 6, '0') as procedure_code,
      'G' || lpad((draw % 40)::varchar, 2, '0') as field_code,
      draw % 3 + 1 as channel,
      ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Vũ'][draw % 6 + 1] || ' '
        || ['Thị Hương', 'Văn Đức', 'Minh Tuấn', 'Ngọc Ánh', 'Quốc Khánh'][draw % 5 + 1]
        || ' (mô phỏng) ' || (draw % 9973) as owner_name,
      lpad((11000 + draw % 114)::varchar, 5, '0') as commune_code,
      'H31.' || (draw % 180) as agency_code,
      strftime(submitted, '%Y-%m-%d %H:%M:%S') as submitted_at,
      strftime(submitted + to_days((draw % 20 + 3)::integer), '%Y-%m-%d %H:%M:%S') as due_at,
      (draw + version) % 10 + 1 as status,
      draw % 50 * 10000 as fee,
      strftime(submitted + to_days(version::integer), '%Y-%m-%d %H:%M:%S') as updated_at
    from versions`;
}
