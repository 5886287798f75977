import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findConnector } from '../../connectors/registry.ts';
import type { Connector } from '../../connectors/port.ts';
import { driftKinds, type DriftKind, type DriftRule } from '../../core/stream-contract.ts';
import { PeriodCalendar } from '../../core/period-calendar.ts';
import { openScratchHome } from '../../home/scratch-home.ts';
import { tellOwnersByMail } from '../../home/notices-by-mail.ts';
import { directoryTransport } from '../../net/directory-transport.ts';
import { createSourceServices } from '../../services/source-services.ts';
import { createBatchServices } from '../../services/batch-services.ts';
import { exitCodeOfRun } from '../../cli/run-status.ts';
import { asJson } from '../../core/json-member.ts';
import { createIngestActivities } from '../../workflows/activities/ingest-activities.ts';
import { embeddedContext } from '../../workflows/embedded/host.ts';
import { ingestSource } from '../../workflows/ingest-source.ts';
import { correctWorkbook } from './corrected-workbook.ts';
import { startMailbox } from '../delivery/mailbox.ts';
import { callOf } from '../extracts/extract-home.ts';
import {
  fileConnector,
  openIngestHome,
  visits,
  type IngestHome,
} from '../workflows/ingest-home.ts';

let home: IngestHome;
let inbox = '';
let coded: Connector | undefined;
beforeEach(async () => {
  home = await openIngestHome();
  inbox = join(home.directory, 'nhan');
  mkdirSync(inbox);
  coded = undefined;
  first();
});
afterEach(() => home.remove());

const call = callOf('operator', ['operator', 'steward']);
const label = { vi: 'Thanh toán', en: 'Payments' };

/** What the pipeline and the services work with: files of the inbox, real connectors. */
function dependencies() {
  return {
    ...home.deps,
    files: () => directoryTransport([inbox]),
    connector: (name: string): Connector => {
      const found = coded ?? findConnector(name);
      if (found === undefined) throw new Error(name);
      return found;
    },
  };
}

function services(solo = true) {
  const deps = dependencies();
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
    scratchHome: () => openScratchHome(mkdtempSync(join(home.directory, 'scratch-')), deps),
  });
}

const batches = () =>
  createBatchServices({
    ...dependencies(),
    classes: () => Promise.resolve(new Map()),
    contracts: () => Promise.resolve([]),
    landedPath: (sha256) => join(home.directory, 'landing', sha256),
    scratchDirectory: () => Promise.resolve(mkdtempSync(join(home.directory, 'scratch-'))),
  });

const column = (name: string, from: string, type: string) => ({
  ...{ name, from, type, label },
  classification: 'internal' as const,
});

function manifest(drift: Partial<Record<DriftKind, DriftRule>>) {
  return {
    manifest: 1 as const,
    name: 'thanh-toan',
    label,
    base: inbox,
    streams: [
      {
        stream: 'payment',
        label,
        files: '.*[.]csv',
        decoding: { format: 'csv' as const },
        columns: [
          { ...column('code', 'Mã', 'varchar'), required: true },
          column('amount', 'Số tiền', 'decimal(18,2)'),
        ],
        key: ['code'],
        drift,
      },
    ],
  };
}

const add = (drift: Partial<Record<DriftKind, DriftRule>> = {}) =>
  services().add(call, {
    name: 'tt',
    connector: 'manifest',
    config: manifest(drift),
    owner: 'H31',
  });
const ingest = () => services().ingest(call, 'tt', {});
const write = (name: string, head: string, ...lines: readonly string[]) =>
  writeFileSync(join(inbox, `${name}.csv`), `${[head, ...lines].join('\n')}\n`);
const first = () => write('a', 'Mã,Số tiền', ...codes('a').map((code) => `${code},10`));
const codes = (file: string) => Array.from({ length: 10 }, (_, n) => `${file}${n}`);

/** The second file, whose columns changed. */
const changed: Readonly<Record<DriftKind, () => void>> = {
  new: () => write('b', 'Mã,Số tiền,Kênh', ...codes('b').map((code) => `${code},10,quầy`)),
  removed: () => write('b', 'Mã', ...codes('b')),
  renamed: () => write('b', 'Mã,so_tien', ...codes('b').map((code) => `${code},10`)),
  retyped: () => write('b', 'Mã,Số tiền', ...codes('b').map((code) => `${code},"1.234,5"`)),
};
const codeOf = {
  new: 'column-new',
  removed: 'column-missing',
  renamed: 'column-renamed',
  retyped: 'column-retyped',
} as const;
/** What the rejected rows say. */
const rejectedAs = { ...codeOf, retyped: 'number-invalid' } as const;
const rows = (where: string) =>
  home.cells(`select count(*), count(amount) from staging.payment where ${where}`);
const hash = () => home.warehouse.contentHash('staging.payment');

describe('B27–B30: each change of a column by each rule', () => {
  for (const kind of driftKinds) {
    it(`${kind}, accept: the rows come in as far as they are understood; exit 0`, async () => {
      await add({ [kind]: 'accept' });
      await ingest();
      changed[kind]();
      const result = await ingest();
      expect([result.status, exitCodeOfRun(asJson(result))]).toEqual(['ok', 0]);
      expect(result.streams).toMatchObject([
        { received: 20, new: 10, unchanged: 10, quarantined: 0 },
      ]);
      const understood = kind === 'new' || kind === 'renamed' ? '10' : '0';
      expect(await rows("code like 'b%'")).toEqual([['10', understood]]);
      expect((await services().show(call, 'tt')).drift).toMatchObject([
        { stream: 'payment', kind, rule: 'accept', rows: 10, of: 10 },
      ]);
    });

    it(`${kind}, quarantine: its rows are set aside, nothing of the batch is published; exit 3`, async () => {
      await add({ [kind]: 'quarantine' });
      await ingest();
      const before = await hash();
      changed[kind]();
      const result = await ingest();
      expect([result.status, exitCodeOfRun(asJson(result))]).toEqual(['partial', 3]);
      expect(result.streams).toMatchObject([
        { received: 20, new: 0, unchanged: 10, quarantined: 10, status: 'partial' },
      ]);
      expect(await hash()).toBe(before);
      expect(await home.cells('select reason, count(*) from meta.quarantine group by 1')).toEqual([
        [rejectedAs[kind], '10'],
      ]);
      const held = await home.store.list('batch', { status: ['held'] });
      expect(held.rows).toMatchObject([
        {
          data: {
            key: 'payment:b.csv',
            findings: expect.arrayContaining([
              expect.objectContaining({ code: codeOf[kind], count: 10 }),
            ]) as unknown,
          },
        },
      ]);
      expect((await services().show(call, 'tt')).status).toBe('active');
    });

    it(`${kind}, pause: the batch is held, the source asks and reads nothing more; exit 3`, async () => {
      await add({ [kind]: 'pause' });
      await ingest();
      const before = await hash();
      changed[kind]();
      const result = await ingest();
      expect([result.status, exitCodeOfRun(asJson(result))]).toEqual(['partial', 3]);
      expect(result.streams).toMatchObject([{ received: 20, unchanged: 10, quarantined: 10 }]);
      expect(await hash()).toBe(before);
      expect(await services().show(call, 'tt')).toMatchObject({
        status: 'paused',
        asks: [{ vi: expect.stringContaining('luồng payment') as unknown }],
        drift: [{ kind, rule: 'pause', rows: 10 }],
        next: { en: 'Run: phusa source adopt tt' },
      });
      await expect(ingest()).rejects.toMatchObject({ code: 'source-not-active' });
      await expect(services().resume(call, 'tt')).rejects.toMatchObject({ code: 'source-asks' });
    });
  }

  it('the usual rules: a new column is told of, everything else keeps its rows back; the contract of the source goes first', async () => {
    await add();
    await ingest();
    changed.new();
    expect((await ingest()).status).toBe('ok');
    expect((await services().show(call, 'tt')).drift).toMatchObject([
      { kind: 'new', rule: 'accept' },
    ]);
    const preview = await services().preview(call, 'tt', {});
    expect(preview.pages[0]).toMatchObject({
      streams: [{ stream: 'payment', rules: { new: 'accept', renamed: 'quarantine' } }],
    });
    await services().edit(call, 'tt', { contract: { payment: { renamed: 'accept' } } });
    changed.renamed();
    expect((await ingest()).streams).toMatchObject([{ unchanged: 20, quarantined: 0 }]);
  });

  it('a part of the batch: only the rows that a new field has a value in are set aside', async () => {
    await add({ new: 'quarantine' });
    write(
      'a',
      'Mã,Số tiền,Kênh',
      ...codes('a').map((code, n) => `${code},10,${n === 0 ? 'quầy' : ''}`),
    );
    expect(await ingest()).toMatchObject({
      status: 'ok',
      streams: [{ received: 10, new: 9, quarantined: 1 }],
    });
  });
});

describe('a change that its owner takes up by one command', () => {
  it('B29 accent- and case-only names: a mapping; replayed it equals a clean load, second replay and reading change nothing', async () => {
    await add();
    await ingest();
    changed.renamed();
    await ingest();
    const shown = await services().show(call, 'tt');
    expect(shown.drift).toMatchObject([
      {
        kind: 'renamed',
        field: 'so_tien',
        was: 'Số tiền',
        column: 'amount',
        proposed: { from: 'so_tien' },
      },
    ]);
    // The file of before goes, as with a supplier who changed the export for good.
    rmSync(join(inbox, 'a.csv'));
    expect(await services().adopt(call, 'tt', {})).toMatchObject({ status: 'active', version: 2 });
    expect((await services().show(call, 'tt')).drift).toBeUndefined();
    const replayed = await batches().replay(call, { source: 'tt' });
    expect(replayed.streams).toMatchObject([{ received: 10, new: 10, quarantined: 0 }]);
    expect(await rows('true')).toEqual([['20', '20']]);
    const after = await hash();
    expect((await ingest()).streams).toMatchObject([{ new: 0, changed: 0, quarantined: 0 }]);
    expect(await hash()).toBe(after);
  });

  it('B30 another spelling of the same type: Vietnamese numbers are proposed and taken up', async () => {
    await add({ retyped: 'pause' });
    await ingest();
    changed.retyped();
    await ingest();
    rmSync(join(inbox, 'a.csv'));
    await services().adopt(call, 'tt', {});
    await batches().replay(call, { source: 'tt' });
    expect(
      await home.cells("select distinct amount from staging.payment where code like 'b%'"),
    ).toEqual([['1234.50']]);
  });

  it('B28 a column that is gone may be missing from then on; an unknown choice changes nothing', async () => {
    await add({ removed: 'pause' });
    await ingest();
    changed.removed();
    await ingest();
    await expect(services().adopt(call, 'tt', { column: 'khac' })).rejects.toMatchObject({
      code: 'nothing-to-adopt',
    });
    expect(await services().adopt(call, 'tt', { column: 'amount' })).toMatchObject({
      status: 'active',
    });
    await batches().replay(call, { source: 'tt' });
    expect(await rows("code like 'b%'")).toEqual([['10', '0']]);
  });

  it('B27 a new column is declared and filled from landed bytes; what was known before stays answerable', async () => {
    await add();
    await ingest();
    changed.new();
    await ingest();
    const before = new Date().toISOString();
    const adopted = await services().adopt(call, 'tt', { classification: 'personal' });
    expect(adopted).toMatchObject({
      version: 2,
      config: {
        streams: [
          { columns: [{}, {}, { name: 'kenh', from: 'Kênh', classification: 'personal' }] },
        ],
      },
    });
    await home.warehouse.prepare(findConnector('manifest')?.streams(adopted.config) ?? []);
    expect(await home.cells('select count(kenh) from staging.payment')).toEqual([['0']]);
    const filled = await services().backFill(call, 'tt', {});
    expect(filled).toMatchObject({
      status: 'ok',
      streams: [{ received: 20, changed: 10, unchanged: 10 }],
    });
    expect(await home.cells('select count(kenh), count(*) from staging.payment')).toEqual([
      ['10', '20'],
    ]);
    const then = await home.warehouse.select('select count(kenh), count(*) from staging.payment', {
      asOf: before,
    });
    expect(then.rows).toEqual([['0', '20']]);
    expect((await services().backFill(call, 'tt', {})).batches).toEqual([]);
  });

  it('a new column that nobody wants is left out for ever, also where the rule is strict', async () => {
    await add({ new: 'pause' });
    await ingest();
    changed.new();
    await ingest();
    const ignoring = await services().adopt(call, 'tt', { ignore: true });
    expect(ignoring).toMatchObject({
      status: 'active',
      contract: { payment: { ignored: ['Kênh'] } },
    });
    expect((await ingest()).status).toBe('ok');
    expect(await rows("code like 'b%'")).toEqual([['10', '10']]);
  });

  it('I22 outside of a solo home the new version waits for certification and a second person', async () => {
    await add({ renamed: 'pause' });
    await ingest();
    changed.renamed();
    await ingest();
    expect(await services(false).adopt(call, 'tt', {})).toMatchObject({
      status: 'draft',
      version: 2,
    });
    await expect(services(false).approve(call, 'tt')).rejects.toMatchObject({
      code: 'not-permitted',
    });
    rmSync(join(inbox, 'a.csv'));
    expect(await services(false).certify(callOf('other', ['operator']), 'tt', {})).toMatchObject({
      passed: true,
    });
    expect(await services(false).approve(callOf('third', ['steward']), 'tt')).toMatchObject({
      status: 'active',
    });
  });
});

describe('a connector with code', () => {
  const visit = (mark: string, amount: string) =>
    `code,amount,name\n${Array.from({ length: 10 }, (_, n) => `${mark}${n},${amount},An`).join('\n')}\n`;
  const plain = (): Connector => {
    const before = fileConnector(home.world);
    return {
      ...before,
      decode: async (session, config) => {
        await before.decode(session, config);
        await session.run(
          `update decoded_visit set _reason = 'number-invalid' where _status is not null`,
        );
      },
    };
  };
  const addCoded = (contract: Record<string, Record<string, string>>) =>
    services().add(call, { name: 'tt', connector: 'files', config: {}, owner: 'H31', contract });

  it('B30 a column of another type: held, and with “pause” the source asks; rules it cannot keep are refused', async () => {
    coded = plain();
    await addCoded({ visit: { retyped: 'pause' } });
    home.world.files.set('a', visit('a', '5'));
    await ingest();
    home.world.files.set('b', visit('b', 'năm'));
    const result = await ingest();
    expect([result.status, exitCodeOfRun(asJson(result))]).toEqual(['partial', 3]);
    expect(result.streams).toMatchObject([{ received: 20, unchanged: 10, quarantined: 10 }]);
    expect(await services().show(call, 'tt')).toMatchObject({
      status: 'paused',
      drift: [{ kind: 'retyped', column: 'amount', rows: 10, of: 10, proposed: null }],
    });
    await expect(services().adopt(call, 'tt', {})).rejects.toMatchObject({
      code: 'change-not-adoptable',
    });
    await expect(
      services().edit(call, 'tt', {
        contract: { visit: { renamed: 'accept', removed: 'accept' } },
      }),
    ).rejects.toMatchObject({ code: 'contract-invalid' });
  });

  it('B28 a column that is gone: refused as a whole, and with “pause” the source asks', async () => {
    const { fileTrouble } = await import('../../connectors/decode/decode-trouble.ts');
    coded = {
      ...fileConnector(home.world),
      streams: () => [visits],
      decode: (session) =>
        Promise.reject(
          fileTrouble('header-missing-column', session.files[0] ?? { name: '' }, 'amount'),
        ),
    };
    await addCoded({ visit: { removed: 'pause' } });
    home.world.files.set('a', visit('a', '5'));
    expect(await ingest()).toMatchObject({ status: 'held', streams: [{ received: 0 }] });
    expect(await services().show(call, 'tt')).toMatchObject({
      status: 'paused',
      drift: [{ kind: 'removed', rule: 'pause' }],
    });
  });
});

describe('E02 the owner', () => {
  it('is told once of each change: what, how many rows, what was done, and the command', async () => {
    const mailbox = await startMailbox();
    try {
      await services().add(call, {
        ...{ name: 'tt', connector: 'manifest', config: manifest({}), owner: 'H31' },
        notify: ['cds@soyte.vn'],
      });
      await ingest();
      changed.renamed();
      await ingest();
      const base = {
        ...{ store: home.store, clock: home.deps.clock },
        configuration: { smtpUrl: mailbox.url },
        profile: () => Promise.resolve({ mailTo: ['ioc@haiphong.gov.vn'] }),
      } as unknown as Parameters<typeof tellOwnersByMail>[0];
      const scratchDirectory = () => Promise.resolve(mkdtempSync(join(home.directory, 'scratch-')));
      const deps = { ...dependencies(), scratchDirectory };
      // One mail with the rejected rows, one about the column.
      expect(await tellOwnersByMail(base, deps)).toBe(2);
      expect(await tellOwnersByMail(base, deps)).toBe(0);
      await ingest();
      const about = mailbox.messages.filter(({ text }) => text.includes('phusa source adopt tt'));
      expect(about.map(({ to }) => to)).toEqual(['cds@soyte.vn']);
      expect((await home.store.list('delivery')).rows.map(({ status }) => status)).toEqual([
        'sent',
        'sent',
      ]);
    } finally {
      await mailbox.stop();
    }
  });
});

describe('values that a person corrects in a workbook', () => {
  it('keep min, max, pattern, list and dictionary of the manifest; one that breaks a rule stays rejected and says which', async () => {
    const rules = [
      { ...column('share', 'share', 'decimal(5,1)'), min: 0, max: 100 },
      { ...column('plate', 'plate', 'varchar'), matches: '[0-9]{2}[A-Z]-[0-9]{5}' },
      { ...column('kind', 'kind', 'varchar'), oneOf: ['xe máy', 'ô tô'] },
      { ...column('state', 'state', 'varchar'), dictionary: { '1': 'mở', '2': 'đóng' } },
    ];
    const base = manifest({});
    const [stream] = base.streams;
    const columns = [{ ...column('code', 'code', 'varchar'), required: true }, ...rules];
    const config = { ...base, streams: [{ ...stream, columns, holdAbove: 1 }] };
    const head = 'code,share,plate,kind,state';
    const bad = ['150,15A-12345,ô tô,1', '5,x,ô tô,1', '5,15A-12345,tàu,1', '5,15A-12345,ô tô,9'];
    write('a', head, 'g,5,15A-12345,ô tô,1', ...bad.map((line, n) => `b${n},${line}`));
    await services().add(call, { name: 'tt', connector: 'manifest', config, owner: 'H31' });
    expect(await ingest()).toMatchObject({ streams: [{ new: 1, quarantined: 4 }] });
    const send = async (changes: Readonly<Record<string, Readonly<Record<string, string>>>>) => {
      const [newest] = (await home.store.list('batch', { order: 'newest', limit: 1 })).rows;
      const id = newest?.id ?? '';
      const file = await batches().rejected(call, id, 'payment');
      const bytes = await correctWorkbook(file.path, ({ code = '' }) => changes[code] ?? {});
      return await batches().correct(call, { batch: id, name: 'sửa.xlsx', bytes });
    };
    const still = await send({
      b0: { share: '101' },
      b1: { plate: '15-1' },
      b2: { kind: 'tàu thủy' },
      b3: { state: '7' },
    });
    expect(still.streams).toMatchObject([{ unchanged: 1, new: 0, quarantined: 4 }]);
    expect(
      await home.cells('select reason, field, value from meta.quarantine order by row'),
    ).toEqual([
      ['value-outside', 'share', '101'],
      ['value-pattern', 'plate', '15-1'],
      ['code-unknown', 'kind', 'tàu thủy'],
      ['code-unknown', 'state', '7'],
    ]);
    const good = await send({
      b0: { share: '100' },
      b1: { plate: '16B-00001' },
      b2: { kind: 'xe máy' },
      b3: { state: '2' },
    });
    expect(good.streams).toMatchObject([{ unchanged: 1, new: 4, quarantined: 0 }]);
    expect(await home.cells("select state from staging.payment where code = 'b3'")).toEqual([
      ['đóng'],
    ]);
  });
});
