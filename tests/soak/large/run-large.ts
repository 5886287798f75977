import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { z } from 'zod';
import { timedIngest, timedReading } from '../../../bench/ingest.ts';
import { manifest } from '../../../connectors/manifest/connector.ts';
import { lastDay } from '../../../bench/paged-api/records.ts';

const inputShape = z.object({
  home: z.string(),
  config: z.record(z.string(), z.json()),
  what: z.enum(['land', 'load', 'sum']),
  table: z.string(),
});

/** A child of the campaign: lands, or loads, or sums what is loaded; its last line says what it took. */
const { home, config, what, table } = inputShape.parse(JSON.parse(process.argv[2] ?? ''));
const source = { directory: home, connector: manifest, config, to: lastDay };
const result =
  what === 'sum'
    ? await sums()
    : what === 'land'
      ? await timedReading(source)
      : await timedIngest(source);
process.stdout.write(`${JSON.stringify(result)}\n`);

async function sums(): Promise<Readonly<Record<string, string>>> {
  const file = path.join(home, 'warehouse.duckdb');
  const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  const answer = await connection.runAndReadAll(`select count(*)::varchar as rows,
    sum(fee)::varchar as fees, (select count(*) from quarantine.row)::varchar as rejected from ${table}`);
  connection.closeSync();
  instance.closeSync();
  return z.record(z.string(), z.string()).parse(answer.getRowObjects()[0]);
}
