import { mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connector, ReadBatch } from '../../connectors/port.ts';
import { textList, textMember } from '../../core/json-member.ts';
import type { StreamContract } from '../../core/stream-contract.ts';
import { PeriodCalendar } from '../../core/period-calendar.ts';
import { openScratchHome } from '../../home/scratch-home.ts';
import { createSourceServices } from '../../services/source-services.ts';
import { callOf } from '../extracts/extract-home.ts';
import { createIngestActivities } from '../../workflows/activities/ingest-activities.ts';
import { embeddedContext } from '../../workflows/embedded/host.ts';
import { ingestSource } from '../../workflows/ingest-source.ts';
import {
  fileConnector,
  fileOf,
  openIngestHome,
  visits,
  type IngestHome,
} from '../workflows/ingest-home.ts';

let home: IngestHome;
/** What the connector of the test does otherwise than a good one. */
let fault: Partial<Connector> = {};
let secret = '';
beforeEach(async () => {
  home = await openIngestHome();
  fault = {};
  secret = '';
  for (const [name, amount] of [
    ['a', '1'],
    ['b', '2'],
    ['c', '3'],
  ] as const)
    home.world.files.set(name, fileOf([`${name}1`, amount], [`${name}2`, amount]));
});
afterEach(() => home.remove());

const operator = callOf('operator', ['operator', 'steward']);
const other = callOf('other', ['operator', 'steward']);
const third = callOf('third', ['steward']);

function services(solo = false) {
  const connector = (): Connector => ({ ...fileConnector(home.world), ...fault });
  const deps = { ...home.deps, connector, secret: () => Promise.resolve(secret) };
  return createSourceServices({
    ...deps,
    runner: {
      run: (_name, input, options): never =>
        ingestSource(
          embeddedContext(createIngestActivities({ ...deps, signal: options.signal }), {
            clock: deps.clock,
            ...options,
          }),
          input as Parameters<typeof ingestSource>[1],
        ) as never,
    },
    solo: () => Promise.resolve(solo),
    seal: () => Promise.resolve(),
    periods: new PeriodCalendar([]),
    scratchHome: () => openScratchHome(mkdtempSync(join(home.directory, 'scratch-')), home.deps),
  });
}

const add = (solo = false) =>
  services(solo).add(operator, { name: 'kham', connector: 'files', config: {}, owner: 'H31' });
const certify = () => services().certify(operator, 'kham', {});
const proofOf = (certificate: Awaited<ReturnType<typeof certify>>, name: string) => {
  const { proofs } = certificate;
  const all: readonly unknown[] = Array.isArray(proofs) ? proofs : [];
  return all.find((one) => JSON.stringify(one).includes(`"proof":"${name}"`));
};

describe('the life of a source', () => {
  it('draft → certified → active → paused → active → removed; every step is in its history', async () => {
    expect(await add()).toMatchObject({ status: 'draft', version: 1 });
    await expect(services().ingest(operator, 'kham', {})).rejects.toMatchObject({
      group: 'fatal',
      code: 'source-not-active',
      remedy: { en: 'Run: phusa source certify kham' },
    });
    expect(await certify()).toMatchObject({ passed: true, version: 1, by: operator.person.actor });
    expect(await services().show(operator, 'kham')).toMatchObject({
      status: 'certified',
      next: { en: 'Run: phusa source approve kham' },
    });
    await services().approve(third, 'kham');
    expect(await services().ingest(operator, 'kham', {})).toMatchObject({ status: 'ok' });
    await services().pause(operator, 'kham', 'bảo trì');
    expect(await services().resume(operator, 'kham')).toMatchObject({ status: 'active' });
    const shown = await services().show(operator, 'kham');
    expect(shown.history?.map(({ what }) => what)).toEqual([
      'added',
      'certified',
      'checked',
      'active',
      'paused',
      'active',
    ]);
    const certificate = shown.certificate ?? {};
    expect(textMember(certificate, 'sha256')).toMatch(/^[0-9a-f]{64}$/);
    expect(await services().remove(operator, 'kham')).toMatchObject({ status: 'removed' });
  });

  it('I22: who registered, edited or certified it does not approve it; in a solo home they may', async () => {
    await add();
    await services().edit(other, 'kham', { config: { more: 'x' } });
    await services().certify(third, 'kham', {});
    for (const call of [operator, other, third])
      await expect(services().approve(call, 'kham')).rejects.toMatchObject({
        code: 'not-permitted',
      });
    expect(await services(true).approve(operator, 'kham')).toMatchObject({ status: 'active' });
  });

  it('each change is a version; runs and batches say which they used; nothing changed is no version', async () => {
    await add(true);
    await services(true).ingest(operator, 'kham', {});
    const edited = await services(true).edit(operator, 'kham', {
      contract: { visit: { holdAboveRows: 0 } },
    });
    expect(edited).toMatchObject({ version: 2, status: 'active' });
    expect(await services(true).edit(operator, 'kham', { notify: ['a@b.vn'] })).toMatchObject({
      version: 2,
      notify: ['a@b.vn'],
    });
    home.world.files.set(
      'd',
      fileOf(...Array.from({ length: 9 }, (_, i) => [`d${i}`, '1'] as const), ['x', 'many']),
    );
    expect(await services(true).ingest(operator, 'kham', {})).toMatchObject({ status: 'partial' });
    const { rows } = await home.store.list('run', { order: 'oldest' });
    expect(rows.map(({ data }) => data['sourceVersion'])).toEqual([1, 2]);
    const held = await home.store.list('batch', { status: ['held'] });
    expect(held.rows).toMatchObject([
      { data: { key: 'd', sourceVersion: 2, findings: [{ code: 'quarantine-rows' }] } },
    ]);
  });

  it('a breaking change pauses the source and asks; certified and approved again it runs', async () => {
    await add(true);
    fault = { streams: (config) => [config['narrow'] === 'yes' ? narrow : visits] };
    const paused = await services().edit(operator, 'kham', { config: { narrow: 'yes' } });
    expect(paused).toMatchObject({
      status: 'paused',
      asks: [
        { en: 'stream visit: column amount narrows from decimal(18,2) to integer' },
        { en: 'stream visit: column name is removed' },
      ],
    });
    await expect(services().ingest(operator, 'kham', {})).rejects.toMatchObject({
      code: 'source-not-active',
    });
    await expect(services().resume(operator, 'kham')).rejects.toMatchObject({
      code: 'source-asks',
      remedy: { en: expect.stringContaining('phusa source certify kham') as string },
    });
    // Going back to what it was breaks nothing any more.
    expect(await services().edit(operator, 'kham', { config: {} })).toMatchObject({
      status: 'draft',
    });
    await services().edit(operator, 'kham', { config: { narrow: 'yes' } });
    fault = {};
    await certify();
    expect(await services().approve(third, 'kham')).toMatchObject({ status: 'active' });
  });
});

describe('a certification on recorded pages', () => {
  const recorded = (call = operator) => services().certify(call, 'kham', { recorded: true });

  it('asks the source nothing, shows what bytes can show, and names what only the live source can', async () => {
    await add(true);
    await services(true).ingest(operator, 'kham', {});
    const asked: string[] = [];
    home.world.onRead = (name) => void asked.push(name);
    const certificate = await recorded();
    expect(asked).toEqual([]);
    expect(certificate).toMatchObject({
      passed: true,
      basis: 'recorded',
      onlyLive: ['resume-after-kill', 'late-row'],
    });
    const outcomes = ['volume', 'contract', 'key-unique', 'cursor-monotone', 'idempotent-read'];
    for (const proof of outcomes)
      expect(proofOf(certificate, proof)).toMatchObject({ outcome: 'passed' });
    for (const proof of ['resume-after-kill', 'late-row'])
      expect(proofOf(certificate, proof)).toMatchObject({
        outcome: 'not-applicable',
        reason: { en: expect.stringContaining('Only the live source') as unknown },
      });
    expect(await certify()).toMatchObject({ passed: true, basis: 'live', onlyLive: [] });
  });

  it('is refused with the failing proof: rows that break the contract, a repeated key, a secret in landed bytes, no recording', async () => {
    await add(true);
    expect(await recorded()).toMatchObject({ passed: false, failed: ['volume'] });
    const ten = Array.from({ length: 10 }, (_, n) => [`t${n}`, n < 5 ? 'x' : '1'] as const);
    home.world.files.set('d', fileOf(...ten));
    await services(true).ingest(operator, 'kham', {});
    expect(await recorded()).toMatchObject({ passed: false, failed: ['contract'] });
    home.world.files.set('d', fileOf(['d1', '1'], ['d1', '2']));
    await services(true).ingest(operator, 'kham', {});
    expect(await recorded()).toMatchObject({ passed: false, failed: ['key-unique'] });
    secret = 'mat-khau-rat-dai';
    fault = { secrets: { password: { vi: 'x', en: 'x' } } };
    home.world.files.set('d', fileOf(['d1', '1', secret]));
    await services(true).ingest(operator, 'kham', {});
    expect(await recorded()).toMatchObject({ passed: false, failed: ['no-secret-leak'] });
  });
});

describe('a new release of a connector', () => {
  const released = (version: string, stream: StreamContract): Partial<Connector> => ({
    version,
    streams: () => [stream],
  });

  it('that takes a column away pauses the source and asks, as for manifests; approved it is pinned and runs', async () => {
    await add();
    await certify();
    await services().approve(third, 'kham');
    expect(await services().ingest(operator, 'kham', {})).toMatchObject({ status: 'ok' });
    fault = released('2.0.0', narrow);
    await expect(services().ingest(operator, 'kham', {})).rejects.toMatchObject({
      code: 'source-not-active',
      remedy: { en: 'Run: phusa source certify kham' },
    });
    expect(await services().show(operator, 'kham')).toMatchObject({
      status: 'paused',
      asks: [
        { en: 'stream visit: column amount narrows from decimal(18,2) to integer' },
        { en: 'stream visit: column name is removed' },
      ],
    });
    await expect(services().resume(operator, 'kham')).rejects.toMatchObject({
      code: 'source-asks',
    });
    // An edit that breaks nothing itself does not answer for the release.
    expect(await services().edit(operator, 'kham', { config: { more: 'x' } })).toMatchObject({
      status: 'paused',
      asks: [{}, {}],
    });
    // The release taken back breaks nothing; the key is part of the shape.
    fault = released('2.1.0', { ...visits, key: ['code', 'name'] });
    expect(await services().edit(operator, 'kham', { config: { more: 'y' } })).toMatchObject({
      status: 'paused',
      asks: [{ en: 'stream visit: the key changes from (code) to (code, name)' }],
    });
    await certify();
    await services(true).approve(operator, 'kham');
    expect(await services().ingest(operator, 'kham', {})).toMatchObject({ status: 'ok' });
  });

  it('that only adds goes on by itself, and its history says so', async () => {
    await add(true);
    await services(true).ingest(operator, 'kham', {});
    const label = { vi: 'x', en: 'x' };
    const more = { name: 'note', type: 'varchar', label, classification: 'public' } as const;
    fault = {
      ...released('1.1.0', { ...visits, columns: [...visits.columns, more] }),
      decode: async (session, config) => {
        await fileConnector(home.world).decode(session, config);
        await session.run('alter table decoded_visit add column note varchar');
      },
    };
    expect(await services(true).ingest(operator, 'kham', {})).toMatchObject({ status: 'ok' });
    const { history, status } = await services().show(operator, 'kham');
    expect([status, history?.at(-1)?.['what']]).toEqual(['active', 'upgraded']);
  });
});

const narrow: StreamContract = {
  ...visits,
  columns: visits.columns
    .filter(({ name }) => name !== 'name')
    .map((column) => (column.name === 'amount' ? { ...column, type: 'integer' } : column)),
};

describe('a certification', () => {
  it('leaves nothing behind: no table, no row, no file', async () => {
    await add();
    const before = [await home.warehouse.ledger(), readdirSync(home.directory).sort()];
    await certify();
    await services().tryOut(operator, 'files', { config: {} });
    expect([await home.warehouse.ledger(), readdirSync(home.directory).sort()]).toEqual(before);
    expect(await home.cells('select count(*) from staging.visit')).toEqual([['0']]);
    expect((await home.store.list('batch')).rows).toEqual([]);
  });

  it.each([
    [
      'volume',
      (): void => {
        home.world.files.clear();
      },
    ],
    [
      'contract',
      (): void => {
        home.world.files.set('c', fileOf(['c1', 'many'], ['c2', 'lots']));
      },
    ],
    [
      'key-unique',
      (): void => {
        home.world.files.set('c', fileOf(['c1', '1'], ['c1', '2']));
      },
    ],
    [
      'idempotent-read',
      () => {
        let n = 0;
        home.world.onRead = (name) => {
          if (name === 'a') home.world.files.set('b', fileOf(['b1', String((n += 1))]));
        };
      },
    ],
    [
      'resume-after-kill',
      () => {
        fault = { read: skippingRead };
      },
    ],
    [
      'cursor-monotone',
      () => {
        fault = { read: backwardRead, capabilities: timed };
      },
    ],
    [
      'late-row',
      () => {
        home.world.rereads = false;
        fault = { capabilities: timed };
      },
    ],
    [
      'no-secret-leak',
      () => {
        secret = 'mật-khẩu-của-nguồn';
        fault = { read: leakingRead };
      },
    ],
    [
      'deletes',
      () => {
        fault = { streams: () => [{ ...visits, deletes: 'absence' }] };
      },
    ],
  ] as const)('refuses a source that breaks %s, and names the proof', async (proof, spoil) => {
    spoil();
    await add();
    const certificate = await certify();
    expect(textList(certificate, 'failed'), JSON.stringify(certificate)).toContain(proof);
    expect(proofOf(certificate, proof)).toMatchObject({
      outcome: 'failed',
      reason: { vi: expect.any(String) as string, en: expect.any(String) as string },
    });
    expect(JSON.stringify(certificate)).not.toContain('mật-khẩu');
    expect(await services().show(operator, 'kham')).toMatchObject({ status: 'draft' });
    await expect(services().approve(third, 'kham')).rejects.toMatchObject({
      code: 'source-not-certified',
      message: expect.stringContaining(proof) as string,
    });
  });
});

const timed = {
  cursor: 'time',
  deletes: 'none',
  completeness: 'end-marker',
  timeZone: 'Asia/Ho_Chi_Minh',
} as const;

type Read = Connector['read'];

/** Loses the batch after its cursor. */
async function* skippingRead(...[context, request]: Parameters<Read>): AsyncIterable<ReadBatch> {
  let skip = typeof request.cursor === 'string' && request.position === undefined ? 1 : 0;
  home.world.rereads = false;
  for await (const batch of fileConnector(home.world).read(context, request)) {
    if (skip-- > 0) continue;
    yield batch;
  }
}

async function* backwardRead(...[context, request]: Parameters<Read>): AsyncIterable<ReadBatch> {
  for await (const batch of fileConnector(home.world).read(context, request))
    yield { ...batch, cursor: batch.key === 'c' ? 'a' : batch.cursor };
}

async function* leakingRead(...[context, request]: Parameters<Read>): AsyncIterable<ReadBatch> {
  const key = await context.secret('key');
  context.log.info('signed in', { with: key });
  yield* fileConnector(home.world).read(context, request);
}

describe('the league table of suppliers', () => {
  it('scores each source of each agency by what it gave, and names the batches behind what is missing', async () => {
    await add(true);
    home.world.files.set('d', fileOf(['d1', 'many'], ['d2', 'lots']));
    home.world.files.set(
      'e',
      fileOf(...Array.from({ length: 9 }, (_, i) => [`e${i}`, '1'] as const), ['e9', 'x']),
    );
    await services(true).ingest(operator, 'kham', {});
    home.world.breaksAt = 'a';
    await services(true).ingest(operator, 'kham', {});
    const today = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10);
    const { suppliers } = await services().league(operator, today);
    expect(suppliers).toMatchObject([
      {
        ...{ agency: 'H31', source: 'kham', runs: 2, onTime: 0, batches: 5, complete: 80 },
        ...{ received: 18, rejected: 3, valid: 83.3, delayHours: null },
        lateRuns: [{ status: 'failed' }, { status: 'partial' }],
        heldBatches: [{ key: 'd', status: 'held' }],
        rejectedIn: [{ key: 'e', rejected: 1 }, { key: 'd' }],
      },
    ]);
    expect((await services().league(operator, '2020-01-01')).suppliers).toEqual([]);
    const stranger = {
      ...operator,
      person: { ...operator.person, roles: ['department'] as const, agency: 'H99' },
    };
    expect((await services().league(stranger, today)).suppliers).toEqual([]);
  });
});
