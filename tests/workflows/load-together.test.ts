import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settleHome } from '../../workflows/activities/settle-home.ts';
import { fileOf, openIngestHome, type IngestHome } from './ingest-home.ts';

let home: IngestHome;
beforeEach(async () => {
  home = await openIngestHome();
  home.world.together = true;
  await home.register('kham');
});
afterEach(() => home.remove());

const files = (...codes: readonly string[]): void => {
  for (const code of codes) home.world.files.set(code, fileOf([code, '1.50'], [`${code}+`, '2']));
};
const bad = fileOf(['x1', 'many'], ['x2', 'few'], ['x3', '1']);
const cursorOf = async () => (await home.store.get('source', 'kham'))?.data['cursor'];
const codes = async () =>
  (await home.cells('select code from staging.visit order by code')).map(([code]) => code);

async function kindsOf(): Promise<readonly string[]> {
  const kinds: string[] = [];
  for await (const { kind } of home.store.journal())
    if (/batch|advanced/.test(kind)) kinds.push(kind);
  return kinds;
}

describe('loading batches together', () => {
  it('publishes new batches at once, each with its own time, row numbers and ledger row', async () => {
    files('a', 'b', 'c');
    const run = await home.ingest('kham');
    expect(run).toMatchObject({ status: 'ok', streams: [{ received: 6, new: 6, cursor: 'c' }] });
    expect(home.world.decoded).toBe(1);
    expect(await kindsOf()).toEqual([
      ...Array.from({ length: 3 }, () => 'batch.landed'),
      ...Array.from({ length: 3 }, () => 'batch.intended'),
      ...Array.from({ length: 3 }, () => 'batch.published'),
      'source.advanced',
    ]);
    const { rows } = await home.store.list('batch', { order: 'oldest' });
    expect(await home.warehouse.ledger()).toEqual(
      rows.map(({ id, data }) => ({ batch: id, recordedAt: data['recordedAt'] })),
    );
    expect(new Set(rows.map(({ data }) => data['recordedAt'])).size).toBe(3);
    expect(
      await home.cells('select distinct _batch, _file, _row from staging.visit order by all'),
    ).toEqual(
      rows
        .flatMap(({ id }) => [
          [id, '0', '1'],
          [id, '0', '2'],
        ])
        .sort(),
    );
  });

  it('knows all of them again without decoding', async () => {
    files('a', 'b', 'c');
    await home.ingest('kham');
    const again = await home.ingest('kham');
    expect(again.streams[0]).toMatchObject({ received: 6, new: 0, unchanged: 6, cursor: 'c' });
    expect(home.world.decoded).toBe(1);
  });

  it('loads a changed file among known ones alone', async () => {
    files('a', 'b', 'c', 'd');
    await home.ingest('kham');
    home.world.files.set('c', fileOf(['c', '9'], ['c+', '2']));
    const again = await home.ingest('kham');
    expect(again.streams[0]).toMatchObject({ received: 8, new: 0, changed: 1, unchanged: 7 });
    expect(await home.cells("select amount from staging.visit where code = 'c'")).toEqual([
      ['9.00'],
    ]);
  });

  it('loads large batches one by one where one is peculiar', async () => {
    for (const code of ['a', 'b', 'c', 'd'])
      home.world.files.set(
        code,
        fileOf(
          ...Array.from({ length: 12_000 }, (_, row) => [`${code}-${row}-of-many`, '1'] as const),
        ),
      );
    const last = home.world.files.get('d') ?? '';
    home.world.files.set(
      'd',
      `${last}${fileOf(['a-7-of-many', '2']).split('\n').slice(1).join('\n')}`,
    );
    const run = await home.ingest('kham');
    expect(run.streams[0]).toMatchObject({
      received: 48_001,
      new: 48_000,
      changed: 1,
      cursor: 'd',
    });
    expect(home.world.decoded).toBe(5);
  });

  it('lets a key of two batches be decided by their order', async () => {
    home.world.files
      .set('a', fileOf(['1', '1']))
      .set('b', fileOf(['1', '2']))
      .set('c', fileOf(['3', '3']));
    const run = await home.ingest('kham');
    expect(run.streams[0]).toMatchObject({ received: 3, new: 2, changed: 1 });
    expect(await home.cells('select code, amount from staging.visit order by code')).toEqual([
      ['1', '2.00'],
      ['3', '3.00'],
    ]);
  });

  it('holds the bad one, publishes the others, and the cursor does not pass it', async () => {
    files('a', 'b', 'd', 'e');
    home.world.files.set('c', bad);
    const run = await home.ingest('kham');
    expect(run.status).toBe('partial');
    expect(await codes()).toEqual(['a', 'a+', 'b', 'b+', 'd', 'd+', 'e', 'e+']);
    expect(await cursorOf()).toBe('b');
  });
});

/** An ingest whose process ends before, or right after, the transaction of a group. */
async function dieAt(step: 'before-commit' | 'after-commit'): Promise<void> {
  const { warehouse } = home;
  const publish = warehouse.publishTogether.bind(warehouse);
  const { promise: there, resolve: reached } = promised();
  const dying = Object.create(warehouse, {
    publishTogether: {
      value: async (...given: Parameters<typeof publish>) => {
        if (step === 'after-commit') await publish(...given);
        reached();
        return await new Promise<never>(() => undefined);
      },
    },
  }) as typeof warehouse;
  void home.ingest('kham', {}, home.deps.signal, dying);
  await there;
  home = await home.reopen();
}

function promised(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

describe('a group that was killed', () => {
  it.each([
    ['C06', 'before-commit'],
    ['C07', 'after-commit'],
  ] as const)('%s at %s ends with each batch published once, at its own time', async (_, step) => {
    files('a', 'b', 'c');
    await dieAt(step);
    const { rows } = await home.store.list('batch', { status: ['intended'], order: 'oldest' });
    expect(rows).toHaveLength(3);
    expect(await settleHome(home.deps, () => undefined)).toMatchObject({
      settled: 3,
      abandoned: 0,
    });
    expect(await home.warehouse.ledger()).toEqual(
      rows.map(({ id, updatedAt }) => ({ batch: id, recordedAt: updatedAt })),
    );
    expect(await codes()).toEqual(['a', 'a+', 'b', 'b+', 'c', 'c+']);
  });
});
