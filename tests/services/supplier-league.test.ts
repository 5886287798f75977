import { expect, it } from 'vitest';
import type { ControlStore, StateRow } from '../../control/port.ts';
import type { JsonObject } from '../../core/json.ts';
import { supplierLeague, type LeagueDependencies } from '../../services/supplier-league.ts';

const row = (id: string, createdAt: string, data: JsonObject, status = 'published'): StateRow => ({
  ...{ id, status, data, createdAt },
  updatedAt: createdAt,
  seq: 0,
});
const batch = (id: string, at: string, received: number, more: JsonObject = {}) =>
  row(id, at, { source: 'kham', key: id, counts: { visit: { received } }, ...more });

/** The control store as far as a league table reads it. */
function league(now: string, freshness: string | null, batches: readonly StateRow[]) {
  const rows: Readonly<Record<string, readonly StateRow[]>> = {
    source: [row('kham', '2026-10-01T00:00:00+07:00', { owner: 'H31', freshness }, 'active')],
    run: [row('r', '2026-11-02T09:00:00+07:00', { source: 'kham' }, 'ok')],
    batch: batches,
  };
  const store: Pick<ControlStore, 'list'> = {
    list: (kind) => Promise.resolve({ rows: rows[kind] ?? [], next: undefined }),
  };
  const deps = { store, warehouse: {}, streams: () => [], now: () => new Date(now) };
  const period = { from: '2026-11-01', to: '2026-11-30' };
  return supplierLeague(deps as unknown as LeagueDependencies, period, () => true);
}

const given = [
  batch('a', '2026-11-01T23:59:00+07:00', 5),
  batch('b', '2026-11-02T00:01:00+07:00', 5),
  batch('c', '2026-11-04T08:00:00+07:00', 5, {}),
  batch('again', '2026-11-03T08:00:00+07:00', 5, { equalTo: 'b' }),
  batch('empty', '2026-11-05T08:00:00+07:00', 0),
];

it('counts on time against the declared freshness: whole days of Vietnam in which something new came', async () => {
  const [scored] = await league('2026-11-06T10:00:00+07:00', 'P1D', given);
  expect(scored).toMatchObject({
    ...{ freshness: 'P1D', expected: 5, onTime: 60 },
    lateSlots: [
      { from: '2026-11-04T17:00:00.000Z', to: '2026-11-05T17:00:00.000Z' },
      { from: '2026-11-02T17:00:00.000Z', to: '2026-11-03T17:00:00.000Z' },
    ],
  });
});

it('a month that has not ended is not due; then it is late or kept', async () => {
  const [running] = await league('2026-11-20T10:00:00+07:00', 'P1M', []);
  expect(running).toMatchObject({ expected: 0, onTime: 100, lateSlots: [] });
  const [late] = await league('2026-12-01T00:00:00+07:00', 'P1M', []);
  expect(late).toMatchObject({ expected: 1, onTime: 0 });
  const [kept] = await league('2026-12-01T00:00:00+07:00', 'P1M', given);
  expect(kept).toMatchObject({ expected: 1, onTime: 100 });
});

it('without a declared freshness says so, and counts the runs that were answered whole', async () => {
  const [scored] = await league('2026-11-06T10:00:00+07:00', null, given);
  expect(scored).toMatchObject({ freshness: null, expected: null, onTime: 100, lateSlots: [] });
});
