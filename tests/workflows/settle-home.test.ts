import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settleHome } from '../../workflows/activities/settle-home.ts';
import { fileOf, openIngestHome, type IngestHome } from './ingest-home.ts';

let home: IngestHome;
beforeEach(async () => {
  home = await openIngestHome();
  await home.register('kham');
  home.world.files.set('a', fileOf(['1', '1'], ['2', '2'])).set('b', fileOf(['3', '3']));
});
afterEach(() => home.remove());

const settle = () => settleHome(home.deps, () => undefined);
const amounts = () => home.cells('select code, amount from staging.visit order by code');

/** An ingest that dies where a step of the warehouse is replaced. */
async function dieAt(step: 'before-commit' | 'after-commit' | 'after-landing'): Promise<void> {
  const { warehouse } = home;
  const publish = warehouse.publish.bind(warehouse);
  const stage = warehouse.stage.bind(warehouse);
  const died = new Promise<never>(() => undefined);
  let reached: () => void = () => undefined;
  const there = new Promise<void>((resolve) => (reached = resolve));
  const dying = Object.create(warehouse, {
    stage: {
      value: async (...given: Parameters<typeof stage>) => {
        if (step !== 'after-landing') return await stage(...given);
        reached();
        return await died;
      },
    },
    publish: {
      value: async (...given: Parameters<typeof publish>) => {
        if (step === 'after-commit') await publish(...given);
        reached();
        return await died;
      },
    },
  }) as typeof warehouse;
  const { createIngestActivities } =
    await import('../../workflows/activities/ingest-activities.ts');
  const { embeddedContext } = await import('../../workflows/embedded/host.ts');
  const { ingestSource } = await import('../../workflows/ingest-source.ts');
  const context = embeddedContext(createIngestActivities({ ...home.deps, warehouse: dying }), {
    clock: home.deps.clock,
    progress: () => undefined,
    signal: home.deps.signal,
  });
  void ingestSource(context, { source: 'kham', actor: 'local', full: false });
  await there;
  home = await home.reopen();
}

async function statuses(): Promise<readonly string[]> {
  const page = await home.store.list('batch', { order: 'oldest' });
  return page.rows.map(({ status }) => status);
}

describe('settling a home when it is opened', () => {
  it('C05: an intended batch that the warehouse holds is published, once', async () => {
    await dieAt('after-commit');
    expect(await statuses()).toContain('intended');
    expect(await settle()).toMatchObject({ settled: 1, reapplied: 0 });
    expect(await amounts()).toEqual([
      ['1', '1.00'],
      ['2', '2.00'],
    ]);
    expect(await home.warehouse.ledger()).toHaveLength(1);
    expect((await home.store.list('batch', { status: ['published'] })).rows).toHaveLength(1);
  });

  it('C04: an intended batch that the warehouse lacks is done with its own recorded time', async () => {
    await dieAt('before-commit');
    const [intended] = (await home.store.list('batch', { status: ['intended'] })).rows;
    expect(await settle()).toMatchObject({ settled: 1 });
    expect(await home.warehouse.ledger()).toEqual([
      { batch: intended?.id, recordedAt: intended?.updatedAt },
    ]);
  });

  it('gives up what was only landed, and the next run reads it again', async () => {
    await dieAt('after-landing');
    const report = await settle();
    expect(report).toMatchObject({ settled: 0, reapplied: 0 });
    expect(report.abandoned).toBeGreaterThan(0);
    expect(await amounts()).toEqual([]);
    const run = await home.ingest('kham');
    expect(run.status).toBe('ok');
    expect(await amounts()).toHaveLength(3);
  });

  it('marks a killed run as failed by interruption', async () => {
    await dieAt('after-landing');
    await settle();
    const [run] = (await home.store.list('run', {})).rows;
    expect(run).toMatchObject({ status: 'failed', data: { failure: { code: 'interrupted' } } });
  });

  it('changes nothing where nothing is open', async () => {
    await home.ingest('kham');
    const head = (await home.store.verify()).head;
    expect(await settle()).toEqual({ settled: 0, reapplied: 0, abandoned: 0 });
    expect((await home.store.verify()).head).toBe(head);
  });

  it('C24: a lost warehouse file is applied again from landed bytes, with equal content and times', async () => {
    await home.ingest('kham');
    home.world.files.set('a', fileOf(['1', '10'], ['2', '2']));
    await home.ingest('kham');
    const before = [
      await home.warehouse.contentHash('staging.visit'),
      await home.warehouse.ledger(),
    ];
    const past = await home.cells('select code, amount, _recorded_from from history.visit');
    home.world.files.clear();
    home = await home.reopen(() => {
      for (const name of ['warehouse.duckdb', 'warehouse.duckdb.wal'])
        rmSync(join(home.directory, name), { force: true });
    });
    expect(await settle()).toMatchObject({ reapplied: 3 });
    expect([
      await home.warehouse.contentHash('staging.visit'),
      await home.warehouse.ledger(),
    ]).toEqual(before);
    expect(await home.cells('select code, amount, _recorded_from from history.visit')).toEqual(
      past,
    );
  });
});
