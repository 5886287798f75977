import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WorkingDayCalendar } from '../../core/working-day-calendar.ts';
import { periodCalendarOf } from '../../transforms/catalog/dimension-calendars.ts';
import { unnamedHome } from '../../core/home-profile.ts';
import { textMember } from '../../core/json-member.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Role } from '../../core/role.ts';
import { createBatchServices } from '../../services/batch-services.ts';
import { hiddenColumns } from '../../services/hidden-columns.ts';
import { createHomeServices } from '../../services/home-services.ts';
import type { Call } from '../../services/port.ts';
import { allowAgency, requireSecondPerson } from '../../services/permission.ts';
import { createSourceServices } from '../../services/source-services.ts';
import { PeriodCalendar } from '../../core/period-calendar.ts';
import { openScratchHome } from '../../home/scratch-home.ts';
import { callOf } from '../extracts/extract-home.ts';
import { fileOf, openIngestHome, visits, type IngestHome } from '../workflows/ingest-home.ts';

let home: IngestHome;
const bad = fileOf(['x1', 'many', 'Trần Thị B'], ['x2', '1']);
const contracts = () =>
  Promise.resolve([
    { contract: visits, source: 'kham', owner: 'H31.10' },
    { contract: visits, source: 'khac', owner: 'H31.03' },
  ]);

const classes = () => Promise.resolve(new Map());

beforeAll(async () => {
  home = await openIngestHome();
  await home.register('kham', 'H31.10');
  await home.register('khac', 'H31.03');
  home.world.files.set('a', bad);
  await home.ingest('kham');
  home.world.files.set('a', fileOf(['1', '1']));
  await home.ingest('khac');
});
afterAll(() => home.remove());

const idOf = (item: JsonObject | undefined) => textMember(item ?? {}, 'id');
const person = (role: Role, agency?: string): Call => {
  const call = callOf(role, [role]);
  return agency === undefined ? call : { ...call, person: { ...call.person, agency } };
};
const batches = () =>
  createBatchServices({
    ...home.deps,
    classes,
    contracts,
    landedPath: (sha256) => join(home.directory, 'landing', sha256),
    scratchDirectory: () => Promise.resolve(mkdtempSync(join(home.directory, 'scratch-'))),
  });
const sources = () =>
  createSourceServices({
    ...home.deps,
    runner: { run: () => Promise.reject(new Error('nothing is run here')) },
    solo: () => Promise.resolve(false),
    seal: () => Promise.resolve(),
    periods: new PeriodCalendar([]),
    scratchHome: () => openScratchHome(mkdtempSync(join(home.directory, 'scratch-')), home.deps),
  });
const own = person('department', 'H31.10');
const stranger = person('department', 'H31.99');

describe('a department sees its own agency only', () => {
  it('its sources', async () => {
    expect((await sources().list(own)).map(({ name }) => name)).toEqual(['kham']);
    expect(await sources().list(stranger)).toEqual([]);
    await expect(sources().show(own, 'khac')).rejects.toMatchObject({ code: 'not-found' });
    await expect(sources().ingest(own, 'khac', {})).rejects.toMatchObject({ code: 'not-found' });
  });

  it('its batches, their landed bytes and its quarantine', async () => {
    const mine = await batches().list(own, {});
    expect(mine.items.map((item) => item['source'])).toEqual(['kham']);
    expect((await batches().list(stranger, {})).items).toEqual([]);
    const id = idOf(mine.items[0]);
    expect(await batches().landed(own, id, 0)).toMatchObject({ name: 'a' });
    for (const call of [
      batches().landed(stranger, id, 0),
      batches().show(stranger, id),
      batches().replay(stranger, { batch: id }),
    ])
      await expect(call).rejects.toMatchObject({ code: 'not-permitted' });
    expect((await batches().quarantine(stranger, {})).items).toEqual([]);
  });

  it('others see every agency’s', async () => {
    expect((await batches().list(person('auditor'), {})).items).toHaveLength(2);
  });
});

describe('a source not yet added', () => {
  it('is tested and read, and nothing of it is kept', async () => {
    const before = (await sources().list(person('steward'))).length;
    const entries = await journalLength();
    home.world.files.set('a', bad);
    const connector = (await sources().list(person('steward')))[0]?.connector ?? '';
    const { found, pages } = await sources().tryOut(person('operator'), connector, { config: {} });
    expect(found.vi).not.toBe('');
    expect(JSON.stringify(pages)).toContain('not-a-number');
    expect((await sources().list(person('steward'))).length).toBe(before);
    expect(await journalLength()).toBe(entries);
  });

  it('is refused where its configuration is wrong', async () => {
    const connector = (await sources().list(person('steward')))[0]?.connector ?? '';
    await expect(
      sources().tryOut(person('operator'), connector, { config: { unknown: 1 } }),
    ).rejects.toMatchObject({ code: 'config-invalid' });
  });

  async function journalLength(): Promise<number> {
    let entries = 0;
    for await (const entry of home.deps.store.journal()) entries += entry.seq > 0 ? 1 : 0;
    return entries;
  }
});

describe('counts on the first page', () => {
  const counts = async (call: Call) => {
    const { store, warehouse, clock } = home.deps;
    const services = createHomeServices({
      runs: { text: () => '' },
      store,
      warehouse,
      clock,
      publicKeyPem: '',
      version: '0',
      directory: home.directory,
      catalog: { assets: [] },
      profile: () => Promise.resolve(unnamedHome),
      configure: () => Promise.resolve(),
      calendars: { workingDays: new WorkingDayCalendar([]), periods: periodCalendarOf([]) },
    });
    return (await services.info(call))['counts'];
  };

  it('of a department are its own; of others all', async () => {
    expect(await counts(own)).toEqual({ sources: 1, batches: 1, extracts: 0 });
    expect(await counts(stranger)).toEqual({ sources: 0, batches: 0, extracts: 0 });
    expect(await counts(person('leader'))).toMatchObject({ sources: 2, batches: 2 });
  });
});

describe('personal values', () => {
  it('are hidden from the auditor and the other agency, not from steward, operator and owner', async () => {
    const tables = {
      classes,
      contracts: async () => (await contracts()).slice(0, 1),
    };
    const hidden = async (call: Call) => [...(await hiddenColumns(tables, call.person))];
    for (const call of [person('auditor'), person('leader'), person('statistician'), stranger])
      expect(await hidden(call)).toEqual(['staging.visit.name']);
    for (const call of [person('steward'), person('operator'), own])
      expect(await hidden(call)).toEqual([]);
  });

  it('are masked in a query of the auditor, also behind a predicate', async () => {
    const masked = await hiddenColumns({ classes, contracts }, person('auditor').person);
    const options = { maxRows: 10, timeoutMs: 5000, masked };
    const all = await home.warehouse.query('select name from staging.visit', options);
    expect(all.rows).toEqual([['***']]);
    const guess = "select count(*) from staging.visit where name = 'Nguyễn Văn A'";
    expect((await home.warehouse.query(guess, options)).rows).toEqual([['0']]);
  });

  it('are masked in quarantined rows', async () => {
    const [seen] = (await batches().quarantine(person('auditor'), {})).items;
    expect(seen).toMatchObject({ reason: 'not-a-number', value: '***', raw: '***' });
    const [open] = (await batches().quarantine(person('steward'), {})).items;
    expect(open).toMatchObject({ value: 'many' });
    const shown = await batches().quarantined(person('auditor'), idOf(seen));
    expect(shown).toMatchObject({ value: '***', raw: '***', fileName: 'a' });
  });
});

describe('replay', () => {
  it('loads a held batch again, and refuses one that is not held', async () => {
    const steward = person('steward');
    const [held] = (await batches().list(steward, { source: 'kham' })).items;
    const still = await batches().replay(steward, { batch: idOf(held) });
    expect(still.status).toBe('held');
    const [published] = (await batches().list(steward, { source: 'khac' })).items;
    const head = (await home.store.verify()).head;
    await expect(batches().replay(steward, { batch: idOf(published) })).rejects.toMatchObject({
      code: 'batch-not-held',
    });
    expect((await home.store.verify()).head).toBe(head);
  });
});

describe('preview', () => {
  it('shows requests, records and rejected rows with reasons, and changes nothing', async () => {
    home.world.files.set('a', bad);
    const before = [(await home.store.verify()).head, await home.warehouse.ledger()];
    const { pages } = await sources().preview(own, 'kham', {});
    expect(pages).toMatchObject([
      {
        key: 'a',
        nextCursor: 'a',
        pages: [{ name: 'a', request: { url: 'files/a' } }],
        streams: [
          {
            stream: 'visit',
            records: [{ code: 'x2' }],
            rejected: [{ reason: 'not-a-number', field: 'amount', value: 'many' }],
          },
        ],
      },
    ]);
    expect([(await home.store.verify()).head, await home.warehouse.ledger()]).toEqual(before);
  });
});

describe('who may', () => {
  it('a department works for its own agency', () => {
    expect(() => allowAgency(own.person, 'H31.10')).not.toThrow();
    expect(() => allowAgency(own.person, 'H31.03')).toThrow(/own agency/);
    expect(() => allowAgency(person('operator').person, 'H31.03')).not.toThrow();
  });

  it('nobody approves their own request, but in a solo home', () => {
    const { person: one } = person('steward');
    expect(() => requireSecondPerson(false, one, one.actor)).toThrow(/own request/);
    expect(() => requireSecondPerson(true, one, one.actor)).not.toThrow();
    expect(() => requireSecondPerson(false, one, 'user:khac')).not.toThrow();
  });

  it('I22: a source is not approved by who registered it', async () => {
    const operator = person('operator');
    await sources().add(operator, { name: 'moi', connector: 'files', config: {} });
    await expect(sources().approve(operator, 'moi')).rejects.toMatchObject({
      code: 'not-permitted',
    });
    const steward = person('steward');
    await expect(sources().approve(steward, 'moi')).rejects.toMatchObject({
      code: 'source-not-certified',
      remedy: { en: 'Run: phusa source certify moi' },
    });
    home.world.files.set('a', fileOf(['m1', '1'], ['m2', '2']));
    const certificate = await sources().certify(operator, 'moi', {});
    expect(certificate).toMatchObject({ passed: true, failed: [] });
    expect(await sources().approve(steward, 'moi')).toMatchObject({ status: 'active' });
    expect((await home.cells('select count(*) from staging.visit')).length).toBe(1);
  });
});
