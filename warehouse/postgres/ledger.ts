import type { Materialization, PublishedBatch } from '../port.ts';
import {
  countsText,
  materializationFrom,
  materializationSql,
  type BeforePublish,
  type Recorded,
} from '../duckdb/ledger.ts';
import { readTexts, type Client, type Text } from './server.ts';

/** The ledger row of a batch. */
export async function publishedBatch(
  client: Client,
  batch: string,
): Promise<PublishedBatch | undefined> {
  const sql = 'select recorded_at, counts from ledger.batch where batch = $1';
  const [row] = await readTexts(client, sql, [batch]);
  if (row === undefined) return undefined;
  const counts = countsText.parse(JSON.parse(String(row[1])));
  return { batch, recordedAt: iso(row[0]), counts };
}

/** Every batch with its recorded time, ascending. */
export async function allPublished(
  client: Client,
): Promise<readonly { readonly batch: string; readonly recordedAt: string }[]> {
  const rows = await readTexts(
    client,
    'select batch, recorded_at from ledger.batch order by recorded_at, batch collate "C"',
  );
  return rows.map(([batch = '', at]) => ({ batch: String(batch), recordedAt: iso(at) }));
}

/** Looks up what is to be known before a batch is published, in one question. */
export async function beforePublish(
  client: Client,
  batch: string,
  assets: readonly string[],
): Promise<BeforePublish> {
  const [row] = await readTexts(
    client,
    `select (select max(recorded_at) from ledger.stream where asset = any($2)),
       exists (select 1 from quarantine.row where batch = $1),
       exists (select 1 from ledger.batch where batch = $1)`,
    [batch, assets],
  );
  const [last = null, quarantined, published] = row ?? [];
  return {
    published: published === 't',
    last: last === null ? undefined : new Date(iso(last)),
    quarantined: quarantined === 't',
  };
}

/** Writes the ledger rows of batches that one transaction publishes; `assets` names the table of each stream. */
export async function recordBatches(
  client: Client,
  recorded: readonly Recorded[],
  assets: ReadonlyMap<string, string>,
): Promise<void> {
  for (const { staged, recordedAt } of recorded) {
    const { batch, source, key, counts, cursor } = staged;
    const at = recordedAt.toISOString();
    const texts = [counts, cursor].map((value) => JSON.stringify(value));
    await client.query('insert into ledger.batch values ($1, $2, $3, $4, $5, $6)', [
      ...[batch, source, key, at],
      ...texts,
    ]);
    for (const [stream, { new: fresh, changed, deleted }] of Object.entries(counts))
      await client.query('insert into ledger.stream values ($1, $2, $3, $4)', [
        ...[batch, assets.get(stream) ?? stream, at],
        fresh + changed + deleted > 0,
      ]);
  }
}

/** Last time and number of the batches that changed a loaded table; `-/0` before the first. */
export async function loadedVersion(client: Client, key: string): Promise<string> {
  const [row] = await readTexts(
    client,
    'select max(recorded_at), count(*) from ledger.stream where asset = $1 and touched',
    [key],
  );
  const [at = null, count = null] = row ?? [];
  return `${at === null ? '-' : iso(at)}/${String(count)}`;
}

/** The state of some tables, to be compared: every publication moves it. */
export async function publications(client: Client, assets: readonly string[]): Promise<string> {
  const rows = await readTexts(
    client,
    `select asset, max(recorded_at), count(*) from ledger.stream where asset = any($1)
     group by asset order by asset`,
    [assets],
  );
  return JSON.stringify(rows);
}

/** What a derived asset was last built from. */
export async function materializationOf(
  client: Client,
  key: string,
): Promise<Materialization | undefined> {
  const [row] = await readTexts(client, materializationSql, [key]);
  return row && materializationFrom(key, row, iso(row[4]));
}

/** Replaces the materialization row of an asset; inside the transaction that built it. */
export async function recordMaterialization(client: Client, built: Materialization): Promise<void> {
  const { key, sqlSha256, inputs, contentSha256, rows, builtAt } = built;
  await client.query(
    `insert into ledger.materialization values ($1, $2, $3, $4, $5, $6)
     on conflict (key) do update set sql_sha256 = excluded.sql_sha256, inputs = excluded.inputs,
       content_sha256 = excluded.content_sha256, rows = excluded.rows, built_at = excluded.built_at`,
    [key, sqlSha256, JSON.stringify(inputs), contentSha256, rows, builtAt],
  );
}

/** An instant as the server writes it in the zone of Việt Nam (`2026-01-01 07:00:00.5+07`), as ISO. */
function iso(at: Text | undefined): string {
  return new Date(String(at).replace(' ', 'T').replace(/\+07$/, '+07:00')).toISOString();
}
