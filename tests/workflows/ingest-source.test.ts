import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { balances } from '../../core/load-counts.ts';
import type { RunResult } from '../../workflows/run-result.ts';
import { fileOf, openIngestHome, type IngestHome } from './ingest-home.ts';

let home: IngestHome;
beforeEach(async () => {
  home = await openIngestHome();
  await home.register('kham');
});
afterEach(() => home.remove());

const visitOf = (run: RunResult) => {
  const stream = run.streams.find((one) => one.stream === 'visit');
  if (!stream) throw new Error('no stream');
  return stream;
};
const cursorOf = async () => (await home.store.get('source', 'kham'))?.data['cursor'];
const good = (code: string) => fileOf([code, '1.50'], [`${code}b`, '2']);
/** More than a fifth of the rows are bad: the batch is held. */
const bad = fileOf(['x1', 'many'], ['x2', 'few'], ['x3', '1']);

describe('ingesting a source', () => {
  it('is empty where there is nothing', async () => {
    const run = await home.ingest('kham');
    expect(run).toMatchObject({ status: 'empty', batches: [] });
    expect(visitOf(run)).toMatchObject({ received: 0, status: 'empty' });
  });

  it('publishes batch by batch and moves the cursor', async () => {
    home.world.files.set('a', good('1')).set('b', good('2'));
    const run = await home.ingest('kham');
    expect(run.status).toBe('ok');
    expect(visitOf(run)).toMatchObject({ received: 4, new: 4, cursor: 'b', reason: null });
    expect(balances(visitOf(run))).toBe(true);
    expect(await home.cells('select count(*), sum(amount) from staging.visit')).toEqual([
      ['4', '7.00'],
    ]);
    expect(await cursorOf()).toBe('b');
    const source = await home.store.get('source', 'kham');
    expect(source?.data['lastRun']).toMatchObject({ status: 'ok', received: 4, new: 4 });
  });

  it('publishes nothing of a held batch, and the cursor does not pass it', async () => {
    home.world.rereads = false;
    home.world.files.set('a', good('1')).set('b', bad).set('c', good('3'));
    const first = await home.ingest('kham');
    expect(first.status).toBe('partial');
    // Counts classify, status tells: the good row of the held batch is counted as new.
    expect(visitOf(first)).toMatchObject({ received: 7, new: 5, quarantined: 2 });
    expect(visitOf(first).reason?.vi).toBeTruthy();
    expect(await home.cells("select count(*) from staging.visit where code like 'x%'")).toEqual([
      ['0'],
    ]);
    expect(await cursorOf()).toBe('a');
    home.world.files.set('b', good('2'));
    const second = await home.ingest('kham');
    expect(second.status).toBe('ok');
    expect(visitOf(second)).toMatchObject({ new: 2, unchanged: 2, cursor: 'c' });
  });

  it('is held when every batch is', async () => {
    home.world.files.set('b', bad);
    const run = await home.ingest('kham');
    expect(run.status).toBe('held');
    expect(await cursorOf()).toBeNull();
    expect(await home.cells('select distinct reason from meta.quarantine')).toEqual([
      ['not-a-number'],
    ]);
  });

  it('quarantines a few bad rows and publishes the others', async () => {
    const rows = Array.from({ length: 20 }, (_, i) => [`c${i}`, '1'] as const);
    home.world.files.set('a', fileOf(...rows, ['bad', 'x']));
    const run = await home.ingest('kham');
    expect(run.status).toBe('ok');
    expect(visitOf(run)).toMatchObject({ received: 21, new: 20, quarantined: 1 });
  });

  it('fails when reading breaks at once, and is partial when something was published', async () => {
    home.world.files.set('a', good('1')).set('b', good('2'));
    home.world.breaksAt = 'a';
    const first = await home.ingest('kham');
    expect(first.status).toBe('failed');
    expect(visitOf(first).reason?.en).toContain('connection reset');
    const run = await home.store.get('run', first.run);
    expect(run).toMatchObject({ status: 'failed' });
  });

  it('stops when cancelled, keeps what was published, and the next run goes on', async () => {
    home.world.rereads = false;
    for (const name of ['a', 'b', 'c']) home.world.files.set(name, good(name));
    const stop = new AbortController();
    const load = home.deps.warehouse.publish.bind(home.deps.warehouse);
    let published = 0;
    const warehouse = Object.create(home.deps.warehouse, {
      publish: {
        value: async (...given: Parameters<typeof load>) => {
          published += 1;
          if (published === 1) stop.abort();
          return await load(...given);
        },
      },
    }) as typeof home.warehouse;
    const { ingestSource } = await import('../../workflows/ingest-source.ts');
    const { createIngestActivities } =
      await import('../../workflows/activities/ingest-activities.ts');
    const { embeddedContext } = await import('../../workflows/embedded/host.ts');
    const deps = { ...home.deps, warehouse, signal: stop.signal };
    const context = embeddedContext(createIngestActivities(deps), {
      clock: home.deps.clock,
      progress: () => undefined,
      signal: stop.signal,
    });
    const run = await ingestSource(context, { source: 'kham', actor: 'local', full: false });
    expect(run.status).toBe('cancelled');
    expect(await cursorOf()).toBe('a');
    const next = await home.ingest('kham');
    expect(next.status).toBe('ok');
    expect(visitOf(next)).toMatchObject({ new: 4, cursor: 'c' });
  });

  it('B36: equal bytes are not decoded again, but have their own receipt and are counted unchanged', async () => {
    home.world.files.set('a', good('1'));
    await home.ingest('kham');
    const decoded = home.world.decoded;
    const again = await home.ingest('kham');
    expect(home.world.decoded).toBe(decoded);
    expect(again.status).toBe('ok');
    expect(visitOf(again)).toMatchObject({ received: 2, new: 0, unchanged: 2 });
    const [batch = ''] = again.batches;
    expect(await home.landing.receipt(batch, 0)).toMatchObject({ name: 'a' });
    const row = await home.store.get('batch', batch);
    expect(row).toMatchObject({ status: 'published' });
    expect(row?.data['equalTo']).toBeTypeOf('string');
    expect(await home.warehouse.ledger()).toHaveLength(1);
  });

  it('A→B→A: the same bytes after others are loaded again', async () => {
    const versions = ['1', '2', '1'];
    const amounts: unknown[] = [];
    for (const amount of versions) {
      home.world.files.set('a', fileOf(['k', amount]));
      await home.ingest('kham');
      amounts.push((await home.cells('select amount from staging.visit'))[0]?.[0]);
    }
    expect(amounts).toEqual(['1.00', '2.00', '1.00']);
    expect(await home.cells('select count(*) from history.visit')).toEqual([['2']]);
  });

  it('as of a time between two versions gives the earlier one', async () => {
    home.world.files.set('a', fileOf(['k', '1']));
    await home.ingest('kham');
    const asOf = (await home.warehouse.ledger()).at(-1)?.recordedAt ?? '';
    home.world.files.set('a', fileOf(['k', '2']));
    await home.ingest('kham');
    const before = await home.warehouse.select('select amount from staging.visit', { asOf });
    expect(before.rows).toEqual([['1.00']]);
  });

  it('B44: two sources that load one table at once lose no row', async () => {
    await home.register('kham-2');
    for (let i = 0; i < 5; i += 1) home.world.files.set(`f${i}`, good(`${i}`));
    const runs = await Promise.all([home.ingest('kham'), home.ingest('kham-2')]);
    expect(runs.map(({ status }) => status)).toEqual(['ok', 'ok']);
    const sums = runs.map(visitOf).map((stream) => stream.new + stream.unchanged);
    expect(sums).toEqual([10, 10]);
    expect(await home.cells('select count(*), count(distinct code) from staging.visit')).toEqual([
      ['10', '10'],
    ]);
    const times = (await home.warehouse.ledger()).map(({ recordedAt }) => recordedAt);
    expect(new Set(times).size).toBe(times.length);
  });

  it('refuses a source that is not active and a stream that is not there', async () => {
    await home.store.decide((journal) =>
      journal.record({
        kind: 'source.paused',
        subject: 'kham',
        actor: 'local',
        data: { status: 'paused' },
      }),
    );
    await expect(home.ingest('kham')).rejects.toMatchObject({ code: 'source-not-active' });
    await home.register('khac');
    await expect(home.ingest('khac', { streams: ['nope'] })).rejects.toMatchObject({
      code: 'stream-unknown',
    });
    await expect(home.ingest('absent')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('keeps the journal intact', async () => {
    home.world.files.set('a', good('1')).set('b', bad);
    await home.ingest('kham');
    expect(await home.store.verify()).toMatchObject({ intact: true, problems: [] });
  });
});
