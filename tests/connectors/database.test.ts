import { hostname } from 'node:os';
import { connect, createServer, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { database } from '../../connectors/database/connector.ts';
import { PhusaError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { openSourceHome, readContext, type SourceHome } from '../harness/source-home.ts';
import {
  databaseAuthority,
  databaseKinds,
  readerPassword,
  startDatabase,
  type TestDatabase,
} from '../harness/test-database.ts';

const secrets = { password: readerPassword };
const label = { vi: 'Hồ sơ', en: 'Dossiers' };
const columns = [
  { name: 'id', from: 'ma', type: 'bigint' },
  { name: 'amount', from: 'so_tien', type: 'decimal(20,2)', unit: 'VND' },
  { name: 'name', from: 'ten', type: 'varchar', classification: 'personal' },
  { name: 'day', from: 'ngay', type: 'date' },
  { name: 'updated_at', from: 'cap_nhat', type: 'timestamptz' },
  { name: 'wall', from: 'gio', type: 'timestamp' },
  { name: 'is_open', from: 'con_mo', type: 'boolean' },
] as const;

describe.each(databaseKinds)('database connector on %s', (kind) => {
  let source: TestDatabase;
  let home: SourceHome;
  beforeAll(async () => {
    source = await startDatabase(kind);
  }, 60_000);
  afterAll(async () => {
    await source.stop();
  });
  beforeEach(async () => {
    home = await openSourceHome();
    const [instant, wall] =
      kind === 'postgres' ? ['timestamptz', 'timestamp'] : ['timestamp(6)', 'datetime(6)'];
    await source.run(
      'drop table if exists hoso.ho_so',
      `create table hoso.ho_so (ma bigint primary key, so_tien numeric(20,2), ten varchar(200), ngay date,
        cap_nhat ${instant} null, gio ${wall} null, con_mo boolean)`,
      ...(kind === 'mysql' ? ["set time_zone = '+00:00'"] : ["set time zone 'UTC'"]),
    );
    await insert(1, '2026-01-01 00:00:00.000001');
    await insert(9007199254740993n, '2026-01-02 23:59:59.999999');
  });
  afterEach(async () => {
    await home.remove();
  });

  const insert = (id: number | bigint, at: string, amount = '123456789012345678.91') =>
    source.run(
      `insert into hoso.ho_so values (${id}, ${amount}, 'Nguyễn Thị Ánh', '1899-12-31', ${at === 'null' ? 'null' : `'${at}'`}, '2026-06-01 07:30:00', true)`,
    );

  function config(stream: JsonObject = {}, more: JsonObject = {}) {
    return {
      server: kind,
      host: 'localhost',
      port: source.port,
      database: source.database,
      user: 'doc',
      certificateAuthority: databaseAuthority,
      streams: [{ stream: 'dossier', label, table: 'hoso.ho_so', key: ['id'], columns, ...stream }],
      ...more,
    };
  }
  const undeclared = { stream: 'dossier', label, key: ['id'], columns };
  const timed = { cursor: { column: 'updated_at', kind: 'time', lookBack: 3600 } };
  const ids = async () =>
    (await home.rows('select id::varchar from staging.dossier order by id')).map(([id]) => id);
  const ingest = (given: JsonObject = config(), more = {}) =>
    home.ingest(database, given, { secrets, ...more });

  it('A43: numbers, times and texts come through exactly, over TLS with a private CA (A07)', async () => {
    expect(await ingest()).toMatchObject({ batches: [{ status: 'published', key: 'dossier' }] });
    expect(
      await home.rows(
        `select id::varchar, amount::varchar, name, day::varchar, epoch_us(updated_at)::varchar, wall::varchar, is_open
         from staging.dossier order by id`,
      ),
    ).toEqual([
      [
        '1',
        '123456789012345678.91',
        'Nguyễn Thị Ánh',
        '1899-12-31',
        '1767225600000001',
        '2026-06-01 07:30:00',
        true,
      ],
      [
        '9007199254740993',
        '123456789012345678.91',
        'Nguyễn Thị Ánh',
        '1899-12-31',
        '1767398399999999',
        '2026-06-01 07:30:00',
        true,
      ],
    ]);
  });

  it('B08: an instant read as wall time is the wall time of the declared zone', async () => {
    await ingest(
      config({ columns: [columns[0], { name: 'wall', from: 'cap_nhat', type: 'timestamp' }] }),
    );
    expect(
      await home.rows('select wall::varchar from staging.dossier order by id limit 1'),
    ).toEqual([['2026-01-01 07:00:00.000001']]);
  });

  it('B12 B41: many rows land in files of the declared size, all counted in the same snapshot', async () => {
    const series =
      kind === 'postgres'
        ? 'select n from generate_series(10, 5009) n'
        : 'select seq as n from hoso.seq_10_to_5009';
    await source.run(`insert into hoso.ho_so (ma) select n from (${series}) s`);
    const outcome = await ingest(config({}, { rowsPerFile: 1_500 }));
    expect(outcome.batches[0]).toMatchObject({
      status: 'published',
      counts: { dossier: { received: 5002, new: 5002 } },
    });
    expect(await home.landing.files(outcome.batches[0]?.batch ?? '')).toHaveLength(4);
  });

  it('B02 B03 B04 B05: a cursor with look-back takes late rows, loses none and repeats none', async () => {
    const first = await ingest(config(timed));
    expect(first.cursor).toMatchObject({ dossier: expect.stringMatching(/^2026-01-02/) as string });
    await insert(3, '2026-01-02 23:59:59.999999');
    await insert(4, '2026-01-02 23:30:00');
    await insert(5, '2026-02-01 00:00:00');
    await source.run(
      `update hoso.ho_so set so_tien = 5, cap_nhat = '2026-02-02 00:00:00' where ma = 1`,
    );
    const second = await ingest(config(timed), { cursor: first.cursor });
    expect(second.batches[0]?.counts['dossier']).toMatchObject({
      new: 3,
      changed: 1,
      unchanged: 1,
    });
    const third = await ingest(config(timed), { cursor: second.cursor });
    expect(third.batches[0]?.counts['dossier']).toMatchObject({ received: 1, unchanged: 1 });
    expect(await ids()).toEqual(['1', '3', '4', '5', '9007199254740993']);
  });

  it('B06 B07: empty and future cursors are loaded and do not poison it', async () => {
    await insert(6, 'null');
    await insert(7, '2037-01-01 00:00:00');
    const first = await ingest(config(timed));
    const kept = JSON.stringify(first.cursor).slice('{"dossier":"'.length);
    expect(Date.parse(`${kept.slice(0, 10)}T00:00:00Z`)).toBeLessThanOrEqual(Date.now());
    await source.run(
      'delete from hoso.ho_so where ma = 7',
      `update hoso.ho_so set cap_nhat = null where ma = 1`,
    );
    const second = await ingest(config(timed), { cursor: first.cursor });
    expect(second.failure).toBeUndefined();
    expect((second.cursor as JsonObject)['dossier']).toMatch(/^2026-01-02 23:59:59.999999/);
    expect(await ids()).toContain('6');
  });

  it('B01: a sequence cursor takes ties and what came in below it', async () => {
    const bySequence = { cursor: { column: 'id', kind: 'sequence', lookBack: 10 } };
    await source.run('delete from hoso.ho_so where ma > 1');
    const first = await ingest(config(bySequence));
    await insert(12, 'null');
    await insert(2, 'null');
    const second = await ingest(config(bySequence), { cursor: first.cursor });
    expect(second.batches[0]?.counts['dossier']).toMatchObject({ new: 2 });
    expect(second.cursor).toEqual({ dossier: '12' });
  });

  it('B24: deleted rows leave by comparing keys', async () => {
    const whole = config({ deletes: 'absence' });
    await ingest(whole);
    await source.run('delete from hoso.ho_so where ma = 1');
    expect((await ingest(whole)).batches[0]?.counts['dossier']).toMatchObject({
      deleted: 1,
      unchanged: 1,
    });
    expect(await ids()).toEqual(['9007199254740993']);
  });

  it('B32 B42: a value that is none is quarantined by itself', async () => {
    await ingest(
      config({
        columns: [columns[0], { name: 'amount', from: 'ten', type: 'decimal(10,2)' }],
      }),
    ).then(({ batches }) => {
      expect(batches[0]).toMatchObject({
        counts: { dossier: { received: 2, quarantined: 2, new: 0 } },
      });
    });
  });

  it('a declared SELECT, with the operators of its server', async () => {
    const query =
      kind === 'postgres'
        ? `select ma, so_tien from hoso.ho_so where '{"a":1}'::jsonb ? 'a' and ten like 'Ng%'`
        : `select ma, so_tien from hoso.ho_so where ten like 'Ng%' and ten <> '?'`;
    const outcome = await ingest(
      config({}, { streams: [{ ...undeclared, query, columns: columns.slice(0, 2) }] }),
    );
    expect(outcome.batches[0]?.counts['dossier']).toMatchObject({ new: 2 });
  });

  it.runIf(kind === 'postgres')(
    'the source is only read: a SELECT that writes is refused',
    async () => {
      await source.run(
        `create or replace function hoso.xoa() returns bigint language plpgsql security definer as
        'begin delete from hoso.ho_so; return 1; end'`,
      );
      const outcome = await ingest(
        config(
          {},
          { streams: [{ ...undeclared, query: 'select hoso.xoa() as ma', columns: [columns[0]] }] },
        ),
      );
      expect(outcome.failure).toMatchObject({ code: 'query-writes', group: 'fatal' });
    },
  );

  it('discover lists tables, columns and keys, and changes nothing', async () => {
    const context = readContext(database, database.config.parse(config()), { secrets }, () =>
      Promise.reject(new Error('nothing is landed')),
    );
    const found = await database.discover?.(context);
    const table = found?.find((one) => one['table'] === 'hoso.ho_so');
    expect(table).toMatchObject({ key: ['ma'] });
    expect((table?.['columns'] as JsonObject[]).map((one) => one['name'])).toEqual([
      'ma',
      'so_tien',
      'ten',
      'ngay',
      'cap_nhat',
      'gio',
      'con_mo',
    ]);
    expect((table?.['columns'] as JsonObject[])[1]).toMatchObject({
      type: expect.stringMatching(/(numeric|decimal)(\(20,2\))?/) as string,
      nullable: true,
    });
    expect((await database.check(context)).vi).toMatch(/1 bảng/);
  });

  it('a test read takes some rows only', async () => {
    await ingest(config(), { sample: { pages: 1 } });
    expect(await ids()).toHaveLength(2);
  });

  it.each([
    ['B28', { columns: [...columns, { name: 'khong_co', type: 'varchar' }] }, 'column-missing'],
    ['A35', { table: 'hoso.khong_co' }, 'table-missing'],
  ] as const)('%s: what is not there fails by its name', async (_id, stream, code) => {
    const outcome = await ingest(config(stream));
    expect(outcome.failure?.code).toMatch(
      code === 'table-missing' && kind === 'mysql' ? /table-missing|access-refused/ : code,
    );
    expect(outcome.batches).toEqual([]);
  });

  it('A33 J06: a wrong password is refused, and stands nowhere', async () => {
    const error = await failure(config(), { password: 'sai-mat-khau-1' });
    expect(error).toMatchObject({ code: 'access-refused', group: 'fatal' });
    expect(everything(error)).not.toContain('sai-mat-khau-1');
  });

  it('A05 A06: a certificate of another authority, or of another host, is refused', async () => {
    const without = Object.fromEntries(
      Object.entries(config()).filter(([name]) => name !== 'certificateAuthority'),
    );
    expect(await failure(without)).toMatchObject({ code: 'tls', group: 'fatal' });
    const other = config({}, { host: '127.0.0.1' });
    if (kind === 'postgres')
      expect(await failure(other)).toMatchObject({ code: 'tls', group: 'fatal' });
  });

  it('F01 F02 F14: a name that leads to an inner address is refused unless it was written down', async () => {
    const error = await failure(config({}, { host: hostname() }));
    expect(error.code).toMatch(/address-refused|unreachable/);
    const metadata = await failure(config({}, { host: '169.254.169.254' }));
    expect(metadata).toMatchObject({ code: 'address-refused' });
  });

  it('A01: nobody listens', async () => {
    expect(await failure(config({}, { port: 9 }))).toMatchObject({
      code: 'unreachable',
      group: 'retriable',
    });
  });

  it('A11 V4: a connection that breaks while rows come publishes nothing', async () => {
    await source.run(
      kind === 'postgres'
        ? `insert into hoso.ho_so (ma, ten) select n, repeat('x', 150) from generate_series(10, 30009) n`
        : `insert into hoso.ho_so (ma, ten) select seq, repeat('x', 150) from hoso.seq_10_to_30009`,
    );
    const limit = 1_000_000;
    const proxy = await cutting(source.port, limit);
    const address = proxy.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const outcome = await ingest(config({}, { port, tls: 'off' }));
    proxy.close();
    expect(outcome.batches).toEqual([]);
    expect(outcome.failure).toMatchObject({ code: 'connection-broken', group: 'retriable' });
  });

  it('A21: a statement that takes too long', async () => {
    const query =
      kind === 'postgres' ? 'select 1 as ma from pg_sleep(30)' : 'select sleep(30) as ma';
    const outcome = await ingest(
      config(
        {},
        { statementSeconds: 1, streams: [{ ...undeclared, query, columns: [columns[0]] }] },
      ),
    );
    if (kind === 'mysql' && outcome.failure === undefined) {
      // MariaDB answers 1 for a sleep that its limit ended
      expect(outcome.batches[0]?.counts['dossier']).toMatchObject({ received: 1 });
      return;
    }
    expect(outcome.failure).toMatchObject({ code: 'statement-timeout', group: 'retriable' });
  });

  it('a cancelled run ends', async () => {
    const cancel = new AbortController();
    const query =
      kind === 'postgres' ? 'select 1 as ma from pg_sleep(30)' : 'select sleep(30) as ma';
    const given = database.config.parse(
      config({}, { streams: [{ ...undeclared, query, columns: [columns[0]] }] }),
    );
    const context = {
      ...readContext(database, given, { secrets }, () => Promise.reject(new Error('none'))),
      signal: cancel.signal,
    };
    const reading = database.read(context, { cursor: undefined, position: undefined, full: false });
    const first = reading[Symbol.asyncIterator]().next();
    setTimeout(() => cancel.abort(), 200);
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
  });

  async function failure(given: JsonObject, own: Readonly<Record<string, string>> = secrets) {
    const context = readContext(database, database.config.parse(given), { secrets: own }, () =>
      Promise.reject(new Error('none')),
    );
    const error: unknown = await database.check(context).catch((cause: unknown) => cause);
    if (error instanceof PhusaError) return error;
    throw new Error('it should have failed', { cause: error });
  }
});

it('refuses a second statement, a comment and both kinds of relation', () => {
  const stream = { stream: 'x', label, key: ['a'], columns: [{ name: 'a' }] };
  const of = (more: JsonObject) =>
    database.config.safeParse({
      server: 'postgres',
      host: 'h',
      database: 'd',
      user: 'u',
      streams: [{ ...stream, ...more }],
    }).success;
  expect(of({ table: 't' })).toBe(true);
  for (const query of [
    'select 1; drop table t',
    'select 1 -- x',
    'select 1 /* x */',
    'delete from t',
  ])
    expect([query, of({ query })]).toEqual([query, false]);
  expect(of({ table: 't', query: 'select 1' })).toBe(false);
  expect(of({})).toBe(false);
  expect(of({ table: 't', deletes: 'absence', cursor: { column: 'a', kind: 'time' } })).toBe(false);
});

function everything(error: PhusaError): string {
  const parts: unknown[] = [];
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    parts.push(cause.message, cause.stack, Object.entries(cause));
  return JSON.stringify([parts, error.text, error.place]);
}

/** Passes a connection on and cuts it after so many bytes have come back. */
async function cutting(port: number, after: number): Promise<Server> {
  const server = createServer((client) => {
    const there = connect(port, '127.0.0.1');
    let came = 0;
    client
      .on('error', () => undefined)
      .pipe(there)
      .on('error', () => undefined);
    there.on('data', (bytes) => {
      came += bytes.byteLength;
      if (came > after) client.destroy();
      else client.write(bytes);
    });
    client.on('close', () => there.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return server;
}
