import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { textMember } from '../../core/json-member.ts';
import type { Connector } from '../../connectors/port.ts';
import { createBatchServices } from '../../services/batch-services.ts';
import { tellOwnersByMail } from '../../home/notices-by-mail.ts';
import { mirrorMeta } from '../../services/mirror-meta.ts';
import { settleHome } from '../../workflows/activities/settle-home.ts';
import { startMailbox } from '../delivery/mailbox.ts';
import { callOf } from '../extracts/extract-home.ts';
import {
  fileConnector,
  fileOf,
  openIngestHome,
  visits,
  type IngestHome,
  type World,
} from '../workflows/ingest-home.ts';
import { correctWorkbook } from './corrected-workbook.ts';

let home: IngestHome;
beforeEach(async () => {
  home = await openIngestHome();
  await home.register('kham', 'H31.10');
});
afterEach(() => home.remove());

const steward = callOf('steward', ['steward']);

/** The source's rule as it is after a person edited it: amounts may have a thousands separator. */
function edited(world: World): Connector {
  const before = fileConnector(world);
  return {
    ...before,
    decode: async (session, config) => {
      await before.decode(session, config);
      const plain = "try_cast(replace(_value, ' ', '') as decimal(18,2))";
      await session.run(`update decoded_visit set amount = ${plain}, _status = null, _reason = null, _raw = null
        where _status = 'quarantined' and ${plain} is not null`);
    },
  };
}

/** The services of the home, whose source is as it was registered, or edited. */
function batches(rule: 'first' | 'edited' = 'first') {
  return createBatchServices({
    ...home.deps,
    ...(rule === 'edited' ? { connector: () => edited(home.world) } : {}),
    classes: () => Promise.resolve(new Map()),
    contracts: () => Promise.resolve([{ contract: visits, source: 'kham', owner: 'H31.10' }]),
    landedPath: (sha256) => join(home.directory, 'landing', sha256),
    scratchDirectory: () => Promise.resolve(mkdtempSync(join(home.directory, 'scratch-'))),
  });
}

async function newVersion(): Promise<void> {
  await home.store.decide((journal) =>
    journal.record({
      kind: 'source.edited',
      subject: 'kham',
      actor: 'local',
      data: { version: 2 },
    }),
  );
}

/** The hash of the stream when a home that never knew the first rule reads everything. */
async function cleanLoad(files: ReadonlyMap<string, string>, rule: 'first' | 'edited' = 'edited') {
  const clean = await openIngestHome();
  try {
    for (const [name, text] of files) clean.world.files.set(name, text);
    await clean.register('kham');
    const deps = {
      ...clean.deps,
      ...(rule === 'edited' ? { connector: () => edited(clean.world) } : {}),
    };
    await clean.ingest('kham', {}, undefined, undefined, deps);
    return await clean.warehouse.contentHash('staging.visit');
  } finally {
    await clean.remove();
  }
}

async function batchOf(key: string): Promise<string> {
  const { items } = await batches().list(steward, { source: 'kham' });
  return textMember(items.find((item) => item['key'] === key) ?? {}, 'id');
}

const good = (n: number) => Array.from({ length: n }, (_, i) => [`g${i}`, String(i)] as const);
const hash = () => home.warehouse.contentHash('staging.visit');

describe('rows that a source’s rule rejected', () => {
  it('come in when the rule is edited: the result equals a clean load, and a second replay changes nothing', async () => {
    home.world.files.set('a', fileOf(...good(9), ['x1', '1 500']));
    await home.ingest('kham');
    expect((await batches().quarantine(steward, {})).items).toHaveLength(1);
    const before = await home.cells('select max(_recorded_from)::varchar from staging.visit');
    await newVersion();
    const replayed = await batches('edited').replay(steward, { batch: await batchOf('a') });
    expect(replayed).toMatchObject({
      status: 'ok',
      streams: [{ received: 10, new: 1, changed: 0, unchanged: 9, quarantined: 0 }],
    });
    expect(await hash()).toBe(await cleanLoad(home.world.files));
    expect((await batches().quarantine(steward, {})).items).toEqual([]);
    const asOf = new Date(String(before[0]?.[0])).toISOString();
    const then = await home.warehouse.select('select count(*) from staging.visit', { asOf });
    expect(then.rows).toEqual([['9']]);
    expect((await batches('edited').replay(steward, { source: 'kham' })).batches).toEqual([]);
  });

  it('do not overtake what came later: newer versions stay, older ones go to history', async () => {
    home.world.files
      .set('a', fileOf(...good(9), ['x1', '1 500']))
      .set('b', fileOf(['g0', '77'], ['x1', '9']));
    await home.ingest('kham');
    await newVersion();
    await batches('edited').replay(steward, { source: 'kham' });
    expect(await hash()).toBe(await cleanLoad(home.world.files));
    expect(
      await home.cells(
        "select code, amount from staging.visit where code in ('g0', 'x1') order by 1",
      ),
    ).toEqual([
      ['g0', '77.00'],
      ['x1', '9.00'],
    ]);
    expect(await home.cells("select amount from history.visit where code = 'x1'")).toEqual([
      ['1500.00'],
    ]);
  });

  it('R6: a replay is built again with the warehouse, by the version it was made with', async () => {
    home.world.files.set('a', fileOf(...good(9), ['x1', '1 500']));
    await home.ingest('kham');
    await newVersion();
    await batches('edited').replay(steward, { source: 'kham' });
    const live = await hash();
    const { openDuckdbWarehouse } = await import('../../warehouse/duckdb/open-duckdb-warehouse.ts');
    const { warehouseOptions } = await import('../warehouse/open-test-warehouse.ts');
    const fresh = await openDuckdbWarehouse({
      ...warehouseOptions(home.directory),
      file: join(home.directory, 'fresh.duckdb'),
      spool: join(home.directory, 'fresh-spool'),
    });
    await fresh.prepare([visits]);
    const versions = new Map([
      [1, fileConnector(home.world)],
      [2, edited(home.world)],
    ]);
    let version = 0;
    const settled = await settleHome(
      {
        ...home.deps,
        warehouse: fresh,
        connector: () => versions.get((version += 1)) ?? fileConnector(home.world),
      },
      () => undefined,
    );
    expect(settled.reapplied).toBe(2);
    expect(await fresh.contentHash('staging.visit')).toBe(live);
    await fresh.close();
  });
});

it('told by reason, and only to whom it may be: values of a finding are masked like rejected rows', async () => {
  home.world.files.set('a', fileOf(...good(9), ['x1', '1 500']));
  home.world.files.set('d', fileOf(['d1', 'nhiều']));
  await home.ingest('kham');
  const auditor = callOf('auditor', ['auditor']);
  expect(await batches().reasons(auditor, { source: 'kham' })).toMatchObject([
    { stream: 'visit', reason: 'not-a-number', field: 'amount', rows: '2', batches: '2' },
  ]);
  const one = { reason: 'not-a-number', batch: await batchOf('d') };
  expect((await batches().quarantine(auditor, one)).items).toMatchObject([{ value: '***' }]);
  expect((await batches().quarantine(steward, one)).items).toMatchObject([{ value: 'nhiều' }]);
  expect((await batches().quarantine(steward, { reason: 'khac' })).items).toEqual([]);
  await home.store.decide((journal) =>
    journal.record({
      kind: 'batch.held',
      subject: one.batch,
      actor: 'local',
      data: {
        findings: [{ code: 'x', on: 'visit', sample: [{ field: 'name', value: 'Trần Thị B' }] }],
      },
    }),
  );
  expect(JSON.stringify(await batches().show(steward, one.batch))).toContain('Trần Thị B');
  expect(JSON.stringify(await batches().show(auditor, one.batch))).not.toContain('Trần Thị B');
  expect(JSON.stringify(await batches().list(auditor, {}))).not.toContain('Trần Thị B');
});

describe('a corrected workbook', () => {
  const rows = [...good(8), ['x1', 'nhiều', 'Trần Thị B'], ['x2', 'ít']] as const;
  beforeEach(async () => {
    home.world.files.set('a', fileOf(...rows));
    await home.ingest('kham');
  });

  it('holds the rejected rows with what could be read; personal values only for who may see them', async () => {
    const id = await batchOf('a');
    const seen: Record<string, string>[] = [];
    const file = await batches().rejected(steward, id, 'visit');
    await correctWorkbook(file.path, (row) => (seen.push(row), {}));
    expect(seen).toMatchObject([
      {
        _batch: id,
        _stream: 'visit',
        _file: '0',
        _row: '9',
        _reason: 'not-a-number',
        _field: 'amount',
      },
      { code: 'x2', amount: 'ít', name: 'Nguyễn Văn A' },
    ]);
    const masked: string[] = [];
    const auditor = await batches().rejected(callOf('auditor', ['auditor']), id, 'visit');
    await correctWorkbook(auditor.path, (row) => (masked.push(row['name'] ?? ''), {}));
    expect(masked).toEqual(['***', '***']);
  });

  it('brings its rows in from a receipt of its own; the rest stays; the same as a clean load', async () => {
    const id = await batchOf('a');
    const file = await batches().rejected(steward, id, 'visit');
    const fixed = await correctWorkbook(file.path, ({ code }) =>
      code === 'x1' ? { amount: 12 } : {},
    );
    const result = await batches().correct(steward, { batch: id, name: 'sửa.xlsx', bytes: fixed });
    expect(result).toMatchObject({ streams: [{ new: 1, unchanged: 8, quarantined: 1 }] });
    const [row] = await home.cells(
      "select amount, name, _batch, _file, _row from staging.visit where code = 'x1'",
    );
    const batch = String(row?.[2]);
    expect(row).toEqual(['12.00', 'Trần Thị B', batch, '1', '2']);
    expect(await home.landing.receipt(batch, 1)).toMatchObject({
      name: 'sửa.xlsx',
      request: { corrects: [id] },
    });
    const second = await batches().rejected(steward, batch, 'visit');
    const bytes = await correctWorkbook(second.path, () => ({ amount: '5.5' }));
    await batches().correct(steward, { batch: id, name: 'sửa2.xlsx', bytes });
    expect((await batches().quarantine(steward, {})).items).toEqual([]);
    const clean = new Map([['a', fileOf(...good(8), ['x1', '12', 'Trần Thị B'], ['x2', '5.5'])]]);
    expect(await hash()).toBe(await cleanLoad(clean, 'first'));
    // B36: the source's own bytes, read again, change nothing of it.
    await home.ingest('kham');
    expect(await hash()).toBe(await cleanLoad(clean, 'first'));
    expect((await batches().quarantine(steward, {})).items).toEqual([]);
  });

  it('is refused where it is about another batch or is no such sheet, and nothing is landed', async () => {
    const id = await batchOf('a');
    const file = await batches().rejected(steward, id, 'visit');
    const foreign = await correctWorkbook(file.path, () => ({ _batch: 'b-other' }));
    const head = (await home.store.verify()).head;
    const send = (bytes: Buffer) =>
      batches().correct(steward, { batch: id, name: 'x.xlsx', bytes });
    await expect(send(foreign)).rejects.toMatchObject({ code: 'correction-foreign' });
    await expect(send(Buffer.from('a,b\n1,2'))).rejects.toMatchObject({ code: 'file-not-xlsx' });
    expect((await home.store.verify()).head).toBe(head);
  });
});

describe('R12 classification', () => {
  it('N good and M bad rows are always N and M; under the threshold N are published, over it nothing is and replay mends it', async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: 0, max: 12 }),
        async (n, m) => {
          round += 1;
          const name = `nguồn-${round}`;
          await home.register(name);
          const bad = Array.from({ length: m }, (_, i) => [`${name}-b${i}`, '1 000'] as const);
          const fine = Array.from({ length: n }, (_, i) => [`${name}-g${i}`, String(i)] as const);
          home.world.files.clear();
          home.world.files.set(name, fileOf(...fine, ...bad));
          const { status, streams } = await home.ingest(name);
          const published = async () =>
            Number(
              (
                await home.cells(
                  `select count(*) from staging.visit where starts_with(code, '${name}-')`,
                )
              )[0]?.[0],
            );
          const held = m > 0.2 * (n + m);
          expect(streams).toMatchObject([
            { received: n + m, quarantined: m, ...(held ? {} : { new: n }) },
          ]);
          expect(status).toBe(n + m === 0 ? 'empty' : held ? 'held' : 'ok');
          expect(await published()).toBe(held ? 0 : n);
          const { items } = await batches().quarantine(steward, { source: name, limit: 500 });
          expect(items).toHaveLength(m);
          if (m === 0) return;
          await batches('edited').replay(steward, { source: name });
          expect(await published()).toBe(n + m);
        },
      ),
      { numRuns: 8, seed: 20261122 },
    );
  });
});

describe('what checks warn of', () => {
  it('is kept with the published batch, and counted in meta.batches', async () => {
    const label = { vi: 'Số lớn bất thường', en: 'Unusually large' };
    const warned: Connector = {
      ...fileConnector(home.world),
      checks: [
        {
          code: 'amount-large',
          severity: 'warn',
          stream: 'visit',
          label,
          remedy: label,
          sql: "select 'amount', amount::varchar from decoded_visit where amount > 100",
        },
      ],
    };
    home.world.files.set('a', fileOf(['x1', '1'], ['x2', '500'], ['x3', '900']));
    await home.ingest('kham', {}, undefined, undefined, { ...home.deps, connector: () => warned });
    expect(await batches().show(steward, await batchOf('a'))).toMatchObject({
      status: 'published',
      findings: [{ code: 'amount-large', severity: 'warn', count: 2 }],
    });
    await mirrorMeta(home.store, home.warehouse);
    expect(await home.cells('select key, "new", warnings from meta.batches')).toEqual([
      ['a', '3', '2'],
    ]);
  });
});

describe('the owner of a source', () => {
  it('E02: is told once by mail, with a workbook; others see personal values masked', async () => {
    const mailbox = await startMailbox();
    try {
      home.world.files.set('a', fileOf(...good(9), ['x1', 'nhiều', 'Trần Thị B']));
      await home.ingest('kham');
      const deps = {
        ...home.deps,
        scratchDirectory: () => Promise.resolve(mkdtempSync(join(home.directory, 'scratch-'))),
      };
      const base = {
        ...{ store: home.store, clock: home.deps.clock },
        configuration: { smtpUrl: mailbox.url },
        profile: () => Promise.resolve({ mailTo: ['ioc@haiphong.gov.vn'] }),
      } as unknown as Parameters<typeof tellOwnersByMail>[0];
      expect(await tellOwnersByMail(base, deps)).toBe(1);
      expect(await tellOwnersByMail(base, deps)).toBe(0);
      await home.store.decide((journal) =>
        journal.record({
          kind: 'source.notified',
          subject: 'kham',
          actor: 'local',
          data: { notify: ['cds@soyte.vn'] },
        }),
      );
      home.world.files.set('b', fileOf(['y1', 'ít', 'Phạm Văn C'], ['y2', 'ít'], ['y3', '1']));
      await home.ingest('kham');
      expect(await tellOwnersByMail(base, deps)).toBe(1);
      expect(mailbox.messages.map(({ to }) => to)).toEqual(['ioc@haiphong.gov.vn', 'cds@soyte.vn']);
      const names: string[][] = [];
      for (const { text } of mailbox.messages) {
        const path = join(home.directory, `mail-${names.length}.xlsx`);
        writeFileSync(path, attachmentOf(text));
        const seen: string[] = [];
        await correctWorkbook(path, (row) => (seen.push(row['name'] ?? ''), {}));
        names.push(seen);
      }
      expect(names).toEqual([['***'], ['Phạm Văn C', 'Nguyễn Văn A']]);
      const { rows } = await home.store.list('delivery');
      expect(rows.map(({ status }) => status)).toEqual(['sent', 'sent']);
    } finally {
      await mailbox.stop();
    }
  });
});

/** The bytes of the one attachment of a mail. */
function attachmentOf(mail: string): Buffer {
  const part = mail.slice(mail.indexOf('Content-Disposition: attachment'));
  const body = part.slice(part.indexOf('\r\n\r\n') + 4);
  return Buffer.from(body.slice(0, body.indexOf('\r\n--')), 'base64');
}
