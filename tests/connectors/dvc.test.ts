import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dvc } from '../../connectors/dvc/connector.ts';
import { addDays, monthWindows, vietnamDay, windowKey } from '../../connectors/dvc/windows.ts';
import { startCity, type City } from '../../simulator/city.ts';
import * as fault from '../harness/fault-server.ts';
import { openSourceHome, type SourceHome } from '../harness/source-home.ts';

const now = '2026-11-22';
const options = { now: new Date(`${now}T23:00:00+07:00`), secrets: { password: 'mo-phong' } };

let home: SourceHome;
beforeEach(async () => {
  home = await openSourceHome();
});
afterEach(() => home.remove());

describe('the simulated one-stop system', () => {
  let city: City;
  beforeEach(async () => {
    city = await startCity({ now, scale: 0.02, years: 1 });
  });
  afterEach(() => city.close());

  const config = (more = {}) => ({
    base: `${city.url}/dvc`,
    clientId: 'ioc-haiphong',
    from: '2026-09-10',
    ...more,
  });
  const ledger = async (name: string, from = '2026-09-10') =>
    (await (await fetch(`${city.url}/_ledger/${name}?from=${from}&to=${now}`)).text()).trim();
  const setFault = (kind: string, path: string, times = 1) =>
    fetch(`${city.url}/_faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ kind, path, times }),
    });

  it('B30 B42 gives every dossier of the ledger, its parts and its lists; bad rows are quarantined with reasons', async () => {
    const { batches, failure, cursor } = await home.ingest(dvc, config({ pageSize: 37 }), options);
    expect(failure).toBeUndefined();
    expect(batches.map(({ key }) => key)).toEqual([
      'danhmuc:trangthai',
      'danhmuc:tthc',
      'danhmuc:donvi',
      'hoso:2026-09-10..2026-09-30',
      'hoso:2026-10-01..2026-10-31',
      'hoso:2026-11-01..2026-11-22',
    ]);
    expect(batches.every(({ status }) => status === 'published')).toBe(true);
    expect(cursor).toEqual({ day: now });
    const meant = (await ledger('dossiers.ndjson'))
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const good = meant.filter((row) => row['defect'] === null);
    const rows =
      await home.rows(`select dossier_code, procedure_code, agency_code, channel::varchar, status::varchar,
      strftime(received_at, '%Y-%m-%d %H:%M:%S'), strftime(due_at, '%Y-%m-%d %H:%M:%S') from staging.dossier order by 1`);
    const expected = good
      .map((row) => [
        row['dossier_code'],
        row['procedure_code'],
        row['agency_code'],
        row['channel'] === null ? '1' : String(row['channel'] as number),
        String(row['status']),
        row['received_at'],
        row['due_at'],
      ])
      .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
    expect(rows).toEqual(expected);
    const counted = (stream: string) =>
      batches.reduce((sum, { counts }) => sum + (counts[stream]?.quarantined ?? 0), 0);
    expect(counted('dossier')).toBeGreaterThanOrEqual(meant.length - good.length);
  });

  it('keeps parts as the ledger has them', async () => {
    await home.ingest(dvc, config(), options);
    for (const [stream, table] of [
      ['dossier_steps', 'dossier_step'],
      ['dossier_supplements', 'dossier_supplement'],
      ['dossier_fees', 'dossier_fee'],
    ] as const) {
      const lines = (await ledger(`${stream}.ndjson`))
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      const kept = await home.rows('select dossier_code from staging.dossier');
      const codes = new Set(kept.map(([code]) => code));
      const meant = lines.filter((row) => codes.has(String(row['dossier_code'])));
      expect([table, await home.rows(`select count(*)::varchar from staging.${table}`)]).toEqual([
        table,
        [[String(meant.length)]],
      ]);
    }
    expect(await home.rows('select count(*)::varchar from dim.dossier_status')).toEqual([['10']]);
    expect(
      await home.rows(
        `select count(*)::varchar from dim.agency where predecessor_codes is not null`,
      ),
    ).not.toEqual([['0']]);
    expect(
      await home.rows(
        `select count(*)::varchar from staging.procedure where statutory_working_days is null`,
      ),
    ).toEqual([['0']]);
  });

  it('B03 a second run looks back and changes nothing', async () => {
    const first = await home.ingest(dvc, config(), options);
    const again = await home.ingest(dvc, config(), { ...options, cursor: first.cursor });
    expect(again.batches.map(({ key }) => key).slice(3)).toEqual(['hoso:2026-11-19..2026-11-22']);
    for (const { counts } of again.batches) {
      for (const all of Object.values(counts))
        expect([all.new, all.changed, all.deleted]).toEqual([0, 0, 0]);
    }
  });

  it('goes on after the position of an earlier chunk', async () => {
    const { batches } = await home.ingest(dvc, config(), {
      ...options,
      position: { lists: 3, day: '2026-10-31' },
    });
    expect(batches.map(({ key }) => key)).toEqual(['hoso:2026-11-01..2026-11-22']);
  });

  it('B12 a silently capped page loses nothing', async () => {
    const asked = await home.ingest(dvc, config({ pageSize: 5000 }), options);
    expect(asked.failure).toBeUndefined();
    const total = asked.batches
      .slice(3)
      .reduce((sum, { counts }) => sum + (counts['dossier']?.received ?? 0), 0);
    const { rows, duplicates } = JSON.parse(await ledger('dossiers.json')) as {
      rows: number;
      duplicates: number;
    };
    expect(total).toBeGreaterThanOrEqual(rows);
    expect(total).toBeLessThanOrEqual(rows + duplicates + 3);
  });

  it('A32 a token that ends in the middle is renewed once and reading goes on', async () => {
    await setFault('expire-token', '/dvc/hoso', 1);
    const { failure, batches } = await home.ingest(dvc, config(), options);
    expect([failure, batches.length]).toEqual([undefined, 6]);
    expect(city.requests().filter(({ path }) => path.endsWith('/token')).length).toBe(2);
  });

  it.each([
    ['B14', 'repeat-page', 'page-repeats', 40],
    ['A30', 'html200', 'answer-not-json', 40],
    ['A12', 'truncate', 'answer-not-json', 40],
    ['A31', 'error-in-200', 'source-error', 40],
  ])('%s %s ends in %s; nothing of the window is published', async (_id, kind, code, times) => {
    await setFault(kind, '/dvc/hoso', times);
    const { failure, batches } = await home.ingest(dvc, config({ pageSize: 20 }), options);
    expect(failure).toMatchObject({ code, group: 'data' });
    expect(batches.length).toBe(3);
    expect(city.requests().length).toBeLessThan(60);
  });

  it.each(['http500', 'http429', 'reset', 'html200', 'truncate'])(
    '%s once is overcome',
    async (kind) => {
      await setFault(kind, '/dvc/hoso', 1);
      expect((await home.ingest(dvc, config(), options)).failure).toBeUndefined();
    },
  );

  it('A33 a refused account is told after one try', async () => {
    const { failure } = await home.ingest(dvc, config(), {
      ...options,
      secrets: { password: 'sai' },
    });
    expect(failure).toMatchObject({ code: 'access-refused', group: 'fatal' });
    expect(city.requests().length).toBeLessThanOrEqual(2);
    expect(JSON.stringify(failure)).not.toContain('sai"');
  });
});

describe('pages of a scripted service', () => {
  const page = (records: readonly object[], total: number) =>
    fault.json({ error_code: 0, message: '', total, data: records });
  const hoso = (code: string | null, more: object = {}) => ({
    MaHoSo: code,
    MaTTHC: '1.001',
    TrangThaiHoSo: 4,
    NgayCapNhat: '2026-11-02 08:00:00',
    ...more,
  });
  const token = fault.json({ error_code: 0, message: '', access_token: 't', expires_in: 300 });
  const server = (...pages: readonly fault.Fault[]) =>
    fault.startFaultServer({ '/token': token, '/hoso': pages });
  const read = async (one: fault.FaultServer, pageSize = 2) => {
    try {
      return await home.ingest(
        dvc,
        { base: one.url, clientId: 'u', from: '2026-11-01', pageSize },
        { ...options, streams: ['dossier'] },
      );
    } finally {
      await one.close();
    }
  };

  it('B19 reads a window again when its total moves, and gives up when it never rests', async () => {
    const moved = await server(
      page([hoso('a'), hoso('b')], 3),
      page([hoso('b'), hoso('c')], 4),
      page([hoso('a'), hoso('b')], 3),
      page([hoso('c')], 3),
    );
    expect((await read(moved)).batches).toMatchObject([
      { status: 'published', counts: { dossier: { new: 3 } } },
    ]);
    const restless = await server(
      ...[1, 2, 3, 4, 5, 6].flatMap((n) => [
        page([hoso('a'), hoso('b')], 3 + 2 * n),
        page([hoso(`c${n}`)], 4 + 2 * n),
      ]),
    );
    expect((await read(restless)).failure).toMatchObject({ code: 'total-unstable' });
  });

  it('B17/B18 fewer records than declared: not published', async () => {
    const short = await server(page([hoso('a')], 3), page([], 3));
    expect(await read(short)).toMatchObject({
      batches: [],
      failure: { code: 'page-missing', group: 'data' },
    });
  });

  it('B22 an empty window is an empty batch', async () => {
    expect((await read(await server(page([], 0)))).batches).toMatchObject([
      { status: 'published', counts: { dossier: { received: 0 } } },
    ]);
  });

  it('B16/B32/A42 duplicates, both date spellings, NFD, and every bad row with its reason', async () => {
    const records = [
      hoso('a', {
        NgayTiepNhan: '20261102073000',
        ChuHoSo: 'Nguye\u0302\u0303n',
        DonViXuLy: '000.00.10.H31',
        KenhThucHien: null,
      }),
      hoso('a', {
        NgayTiepNhan: '2026-11-02 07:30:00',
        ChuHoSo: 'Nguyễn',
        DonViXuLy: 'H31.10',
        KenhThucHien: 1,
      }),
      hoso('b', { TrangThaiHoSo: 99 }),
      hoso('c', {
        NgayTiepNhan: '2026-02-31 08:00:00',
        TienTrinh: [{ TrangThai: 4, ThoiDiemXuLy: '20261102080000' }],
      }),
      hoso(null),
      'poison',
      hoso('d', {
        TienTrinh: 'x',
        DanhSachLePhi: [{ Gia: 900719925474099, MaPhiLePhi: 'p' }, { Gia: '1.234,5' }],
      }),
    ];
    const one = await fault.startFaultServer({
      '/token': token,
      '/hoso': fault.answer(JSON.stringify({ error_code: 0, total: 7, data: records })),
    });
    const many = {
      ...dvc,
      streams: () => dvc.streams({} as never).map((stream) => ({ ...stream, holdAbove: 1 })),
    };
    const { batches } = await home.ingest(
      many,
      { base: one.url, clientId: 'u', from: '2026-11-01', pageSize: 50 },
      { ...options, streams: ['dossier'] },
    );
    await one.close();
    expect(batches[0]?.counts['dossier']).toMatchObject({
      received: 7,
      new: 2,
      duplicate: 1,
      quarantined: 4,
    });
    expect(
      await home.rows(`select stream, reason, field, value from meta.quarantine order by all`),
    ).toEqual([
      ['dossier', 'code-unknown', 'status', '99'],
      ['dossier', 'record-not-object', null, null],
      ['dossier', 'timestamp-invalid', 'received_at', '2026-02-31 08:00:00'],
      ['dossier', 'value-missing', 'dossier_code', null],
      ['dossier_fee', 'number-invalid', 'amount', '1.234,5'],
      ['dossier_step', 'parent-quarantined', null, null],
    ]);
    expect(
      await home.rows(
        'select owner_name, agency_code, channel from staging.dossier order by dossier_code limit 1',
      ),
    ).toEqual([['Nguyễn', 'H31.10', '1']]);
    expect(await home.rows('select amount::varchar from staging.dossier_fee')).toEqual([
      ['900719925474099.000000'],
    ]);
  });

  it('A44 100,000 levels of nesting are a bad record, not a crash', async () => {
    const deep = `{"error_code":0,"total":1,"data":[${'['.repeat(100_000)}${']'.repeat(100_000)}]}`;
    const { batches } = await read(await server(fault.answer(deep)));
    expect(batches[0]?.counts['dossier']).toMatchObject({ received: 1, quarantined: 1 });
  });
});

describe('windows', () => {
  it('are whole months cut at both ends, with stable names', () => {
    expect(monthWindows('2026-01-30', '2026-03-02').map(windowKey)).toEqual([
      'hoso:2026-01-30..2026-01-31',
      'hoso:2026-02-01..2026-02-28',
      'hoso:2026-03-01..2026-03-02',
    ]);
    expect(monthWindows('2026-03-02', '2026-03-01')).toEqual([]);
  });
  it('count days in Vietnamese time', () => {
    expect(vietnamDay(new Date('2026-11-22T17:00:00Z'))).toBe('2026-11-23');
    expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
  });
});
