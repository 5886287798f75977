import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FigureRule } from '../../transforms/catalog/figure-rule.ts';
import { sameNumber, traceFigure, type FigureQuestion } from '../../trace/trace-figure.ts';
import { fileOf, openIngestHome, type IngestHome } from '../workflows/ingest-home.ts';

let home: IngestHome;
let asOf = '';
const label = { vi: 'Tổng tiền', en: 'Total' };
const rule: FigureRule = {
  name: 'total',
  label,
  formula: label,
  fact: 'mart.spending',
  terms: { v: { aggregate: 'sum(amount)', where: 'true' } },
  value: 'v',
};
const assets = [
  {
    key: 'staging.patient',
    sql: 'select code, amount from staging.visit',
    sqlSha256: 'a',
    inputs: ['staging.visit'],
  },
  {
    key: 'mart.spending',
    sql: 'select code, amount from staging.patient',
    sqlSha256: 'b',
    inputs: ['staging.patient'],
  },
];

beforeAll(async () => {
  home = await openIngestHome();
  await home.register('kham');
  home.world.files.set('a', fileOf(['1', '10'], ['2', '5.5'])).set('b', fileOf(['3', '1']));
  await home.ingest('kham');
  asOf = (await home.warehouse.ledger()).at(-1)?.recordedAt ?? '';
  home.world.files.set('b', fileOf(['3', '100']));
  await home.ingest('kham');
});
afterAll(() => home.remove());

const question = (changes: Partial<FigureQuestion> = {}): FigureQuestion => ({
  ref: 'edition:thu/2026/v1#t.tong.total',
  rule,
  filter: 'true',
  printed: '16.50',
  asOf,
  assets,
  provenanceOf: (asset) =>
    ({
      'mart.spending': [{ asset: 'staging.patient', on: { code: 'code' } }],
      'staging.patient': [{ asset: 'staging.visit', on: { code: 'code' } }],
    })[asset],
  view: { limit: 20, hidden: new Set() },
  from: 'present',
  ...changes,
});
const ask = (changes?: Partial<FigureQuestion>) =>
  traceFigure({ ...home.deps, landingUri: (sha256) => `landing/${sha256}` }, question(changes));

describe('tracing a figure', () => {
  it('recomputes it as it was known and finds it equal, though a figure was corrected since', async () => {
    const trace = await ask();
    expect(trace).toMatchObject({
      recomputed: '16.50',
      equal: true,
      asOf,
      code: { sqlSha256: 'b' },
    });
  });

  it('says that a value was altered', async () => {
    expect(await ask({ printed: '16.51' })).toMatchObject({ recomputed: '16.50', equal: false });
    expect(await ask({ printed: null })).toMatchObject({ equal: false });
  });

  it('follows derived tables down to loaded rows, their batches and landed bytes', async () => {
    const trace = await ask();
    expect(trace.rows).toMatchObject({ asset: 'mart.spending', count: 3 });
    expect(trace.sources).toMatchObject([{ asset: 'staging.visit', count: 3 }]);
    expect(trace.batches.map(({ key, source }) => [key, source])).toEqual([
      ['a', 'kham'],
      ['b', 'kham'],
    ]);
    for (const { receipts } of trace.batches) {
      const [receipt] = receipts;
      expect(receipt?.request).toMatchObject({ url: `files/${receipt?.name ?? ''}` });
      expect(await home.landing.verify(receipt?.sha256 ?? '')).toBe(true);
    }
    const [first] = trace.batches;
    expect(first?.receipts[0]?.rows).toBe(2);
  });

  it('narrows everything to the rows of the cell', async () => {
    const trace = await ask({ filter: "code = '3'", printed: '1' });
    expect(trace).toMatchObject({ equal: true, rows: { count: 1 } });
    expect(trace.batches.map(({ key }) => key)).toEqual(['b']);
  });

  it('masks columns that the asker may not see, and the hash stays the same', async () => {
    const open = await ask();
    const masked = await ask({ view: { limit: 20, hidden: new Set(['staging.visit.name']) } });
    expect(open.sources[0]?.sample[0]).toMatchObject({ name: 'Nguyễn Văn A' });
    expect(masked.sources[0]?.sample.map((row) => row['name'])).toEqual(['***', '***', '***']);
    expect(masked.sources[0]?.sha256).toBe(open.sources[0]?.sha256);
  });

  it('shows no more rows than asked for', async () => {
    const trace = await ask({ view: { limit: 1, hidden: new Set() } });
    expect(trace.rows).toMatchObject({ count: 3 });
    expect(trace.rows.sample).toHaveLength(1);
  });

  it('hashes the same rows to the same, read from wherever', async () => {
    const [one, two] = [await ask(), await ask({ from: 'past' })];
    expect(two.rows.sha256).toBe(one.rows.sha256);
    expect(two.sources).toEqual(one.sources);
    expect((await ask({ filter: "code = '1'" })).rows.sha256).not.toBe(one.rows.sha256);
  });

  it('finds rows whose key is empty', async () => {
    const keyed = 'select nullif(code, code) as code, amount, code as own from staging.visit';
    const trace = await ask({
      assets: [
        { key: 'staging.patient', sql: keyed, sqlSha256: 'a', inputs: ['staging.visit'] },
        {
          key: 'mart.spending',
          sql: 'select code, amount from staging.patient',
          sqlSha256: 'b',
          inputs: ['staging.patient'],
        },
      ],
      provenanceOf: (asset) =>
        ({
          'mart.spending': [{ asset: 'staging.patient', on: { code: 'code' } }],
          'staging.patient': [{ asset: 'staging.visit', on: { own: 'code' } }],
        })[asset],
    });
    expect(trace).toMatchObject({ equal: true, sources: [{ count: 3 }] });
  });

  it.each([
    ['1.50', '1.5', true],
    ['-0', '0.00', true],
    ['10', '1', false],
    [null, null, true],
    [null, '0', false],
  ])('%s and %s are the same number: %s', (a, b, same) => {
    expect(sameNumber(a, b)).toBe(same);
  });
});
