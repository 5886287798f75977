import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../../core/clock.ts';
import { parseReference, type CellReference } from '../../core/reference.ts';
import { systemCall } from '../../home/system-call.ts';
import { figuresOf } from '../../render/document-figures.ts';
import type { EditionManifest } from '../../reports/edition.ts';
import { sameNumber } from '../../trace/trace-figure.ts';
import { figureSql } from '../../transforms/catalog/figure-rule.ts';
import { figureAt } from '../../transforms/catalog/figure-table.ts';
import { openLandingStore } from '../../warehouse/landing/directory-store.ts';
import { compareWithOracle } from '../harness/oracle-checker.ts';
import { hasProgram, pdfText } from '../render/external-tools.ts';
import { smallCity } from '../simulator/start.ts';
import { document, phusa, startPhusa } from './command.ts';
import { editionOf, issuedEditions } from './issued-editions.ts';
import { ledgerTables } from './ledger-tables.ts';
import { contentHashes, openTestHome, withWarehouse } from './opened-home.ts';
import { strayCells, strayNumbers } from './printed-numbers.ts';

/** A small city, so that the whole thread runs within minutes on a busy machine. */
const size = { scale: 0.02, years: 1 };
const demo = { PHUSA_DEMO_SCALE: String(size.scale), PHUSA_DEMO_YEARS: String(size.years) };
/** Figures of each report that are traced to their bytes; every one of a bulletin is in the soak. */
const traced = 24;
const reports = ['administrative-procedures', 'epidemic-bulletin'];
const loaded = [
  'dim.agency',
  'staging.covid_report',
  'staging.dossier',
  'staging.dossier_fee',
  'staging.dossier_step',
  'staging.dossier_supplement',
  'staging.invoice',
  'staging.invoice_line',
  'staging.invoice_portal_state',
  'staging.invoice_summary',
];
const marts = [
  'mart.covid_daily_total',
  'mart.dossier_period',
  'mart.dossier_rank',
  'mart.dossier_score',
  'mart.epidemic_week',
  'mart.invoice_quality',
  'mart.invoice_revenue',
];

const streamSchema = z.looseObject({ stream: z.string(), received: z.number() });
const runSchema = z.object({
  changed: z.boolean(),
  runs: z.array(
    z.object({ source: z.string(), status: z.string(), streams: z.array(streamSchema) }),
  ),
  editions: z.array(z.object({ outcome: z.string(), report: z.string() })),
});

let home: string;
let first: z.infer<typeof runSchema>;

beforeAll(async () => {
  home = path.join(await mkdtemp(path.join(tmpdir(), 'phusa-main-')), 'home');
  const outcome = await phusa(home, ['start', '--demo', '--once', '--json'], demo);
  expect(outcome.exit, outcome.stderr).toBe(0);
  first = runSchema.parse(document(outcome));
}, 900_000);

afterAll(() => rm(path.dirname(home), { recursive: true, force: true }));

describe('the first run', () => {
  it('reads every source', () => {
    expect(first.runs.map(({ source, status }) => `${source} ${status}`)).toEqual([
      'reference ok',
      'city-reference ok',
      'covid ok',
      'einvoice ok',
      'dvc ok',
    ]);
    expect(first.changed).toBe(true);
  });

  it('balances every stream: received is the sum of its classes (P16)', () => {
    const classes = ['new', 'changed', 'unchanged', 'duplicate', 'filtered', 'quarantined'];
    for (const counts of first.runs.flatMap(({ streams }) => streams)) {
      const sum = classes.reduce((total, name) => total + Number(counts[name]), 0);
      expect(counts.received, counts.stream).toBe(sum);
      expect(counts.received, counts.stream).toBeGreaterThan(0);
    }
  });

  it('builds every mart', async () => {
    await withWarehouse(home, async (warehouse) => {
      for (const mart of marts) {
        const { rows } = await warehouse.select(`select count(*) > 0 from ${mart}`);
        expect(rows, mart).toEqual([[true]]);
      }
    });
  });

  it('issues both reports as PDF and XLSX, complete and labelled as simulated', () => {
    const issued = first.editions.map(({ report, outcome }) => `${report} ${outcome}`);
    expect(issued).toEqual(reports.map((report) => `${report} issued`));
    for (const { base, manifest } of issuedEditions(home)) {
      expect(readFileSync(`${base}.pdf`).subarray(0, 5).toString()).toBe('%PDF-');
      expect(readFileSync(`${base}.xlsx`).subarray(0, 2).toString()).toBe('PK');
      expect(manifest.document.banners.map(({ text }) => text).join()).toContain('mô phỏng');
      expect(manifest.completeness.filter(({ complete }) => !complete)).toEqual([]);
    }
  });

  it('leaves in the warehouse exactly what the city meant to give', async () => {
    const tables = await ledgerTables(await smallCity({ now: cityOf(home).now, ...size }));
    await withWarehouse(home, async (warehouse) => {
      for (const { name, table, expected } of tables) {
        expect(expected.rows.length, name).toBeGreaterThan(0);
        expect(await compareWithOracle(warehouse, table, expected), name).toEqual([]);
      }
    });
  });
});

describe.skipIf(!hasProgram('pdftotext'))('every number traces', () => {
  it.each(reports)('%s: no number on paper without a reference', (report) => {
    const { base, manifest } = editionOf(home, report);
    const pages = pdfText(readFileSync(`${base}.pdf`), '-layout')
      .split('\f')
      .slice(0, -1);
    expect(pages.length).toBeGreaterThan(2);
    expect(strayNumbers(manifest.document, pages)).toEqual([]);
  });

  it.each(reports)('%s: no number in the workbook without a reference', async (report) => {
    const { base, manifest } = editionOf(home, report);
    expect(await strayCells(manifest.document, readFileSync(`${base}.xlsx`))).toEqual([]);
  });

  it.each(reports)('%s: every figure is a cell of the frozen tables', (report) => {
    const { manifest } = editionOf(home, report);
    const figures = figuresOf(manifest.document);
    expect(figures.length).toBeGreaterThan(500);
    const wrong = figures.filter(({ figure }) => {
      const found = figureAt(manifest.tables, cellOf(manifest, figure.ref));
      const value = found?.row.values[found.rule.name];
      return value === undefined || !sameNumber(figure.value, value);
    });
    expect(wrong.map(({ figure }) => figure)).toEqual([]);
  });

  it.each(reports)('%s: every figure is what its SQL gives on the marts', async (report) => {
    const { manifest } = editionOf(home, report);
    const wrong: string[] = [];
    await withWarehouse(home, async (warehouse) => {
      for (const { id, rules, rows } of manifest.tables) {
        for (const { key, filter, values } of rows) {
          const all = rules.map((rule) => `(${figureSql(rule, filter)})`).join(', ');
          const [found = []] = (await warehouse.select(`select ${all}`)).rows;
          for (const [at, { name }] of rules.entries()) {
            const value = found[at] ?? null;
            const exact = value === null ? null : String(value);
            if (!sameNumber(values[name] ?? null, exact))
              wrong.push(`${id}.${key.join('|')}.${name}: ${values[name]} ≠ ${exact}`);
          }
        }
      }
    });
    expect(wrong).toEqual([]);
  });

  it.each(reports)(
    '%s: traces reach landed bytes that verify, and come out equal',
    async (report) => {
      const { manifest } = editionOf(home, report);
      const opened = await openTestHome(home);
      const landing = await openLandingStore({
        root: path.join(home, 'landing'),
        clock: systemClock,
      });
      try {
        for (const ref of sampleOf(manifest, traced)) {
          const trace = traceSchema.parse(await opened.services.trace.trace(systemCall(), ref, {}));
          expect(trace.equal, ref).toBe(true);
          if (Number(trace.figure.value ?? 0) === 0) continue;
          expect(trace.rows.count, ref).toBeGreaterThan(0);
          const receipts = trace.batches.flatMap(({ receipts: own }) => own);
          expect(receipts.length, ref).toBeGreaterThan(0);
          for (const sha256 of new Set(receipts.map((receipt) => receipt.sha256)))
            expect(await verified(landing, sha256), ref).toBe(true);
        }
      } finally {
        await opened.close();
      }
    },
    600_000,
  );
});

describe('the second run', () => {
  it('reads every source again, changes nothing and says so', async () => {
    const before = await contentHashes(home, [...loaded, ...marts]);
    const files = filesOf(home, 'editions');
    const server = startPhusa(home, ['start', '--demo'], demo);
    const said = await server.said('Cổng thông tin');
    const requested = await requestsOf(cityOf(home).port);
    const runs = await phusa(home, ['query', lastRuns, '--json']);
    expect(await server.stop()).toBe(0);

    for (const path of [
      '/reference/population.csv',
      '/reference/tiles.csv',
      '/reference/taxpayers.csv',
      '/covid/daily/',
      '/einvoice/index.json',
      '/einvoice/portal/states',
      '/dvc/danhmuc/trangthai',
      '/dvc/danhmuc/tthc',
      '/dvc/danhmuc/donvi',
      '/dvc/hoso',
    ])
      expect(requested, path).toContain(path);

    expect(said).toContain('Không có gì thay đổi so với lần chạy trước.');
    expect(said).not.toContain('Đã cập nhật');
    expect(rowsSchema.parse(document(runs)).rows).toEqual([['5', '0', '0', '0', '0']]);
    expect(filesOf(home, 'editions')).toEqual(files);
    expect(await contentHashes(home, [...loaded, ...marts])).toEqual(before);
  }, 900_000);

  it('leaves the journal intact', async () => {
    const outcome = await phusa(home, ['audit', 'verify', '--json']);
    expect(outcome.exit, outcome.stderr).toBe(0);
    expect(document(outcome)).toMatchObject({ intact: true, problems: [] });
  });
});

/** Sources of the last five runs, and rows that their batches changed. */
const lastRuns = `with last as (select run from meta.runs order by started_at desc limit 5)
  select count(distinct source), sum("new"), sum(changed), sum(deleted), sum(quarantined)
  from meta.batches where run in (select run from last)`;

const rowsSchema = z.object({ rows: z.array(z.array(z.string().nullable())) });
const traceSchema = z.object({
  figure: z.object({ value: z.string().nullable() }),
  rows: z.object({ count: z.number() }),
  batches: z.array(z.object({ receipts: z.array(z.object({ sha256: z.string() })) })),
  equal: z.boolean(),
});

function cityOf(directory: string): { readonly now: string; readonly port: number } {
  const text = readFileSync(path.join(directory, 'demo.json'), 'utf8');
  return z.object({ now: z.string(), port: z.number() }).parse(JSON.parse(text));
}

async function requestsOf(port: number): Promise<readonly string[]> {
  const answer: unknown = await (await fetch(`http://127.0.0.1:${port}/_requests`)).json();
  const { requests } = z
    .object({ requests: z.array(z.object({ path: z.string() })) })
    .parse(answer);
  return requests.map((request) => request.path.split('?')[0] ?? '');
}

function filesOf(directory: string, folder: string): readonly string[] {
  return readdirSync(path.join(directory, folder), { recursive: true, encoding: 'utf8' }).sort();
}

function cellOf(manifest: EditionManifest, ref: string): CellReference {
  const reference = parseReference(`${manifest.reference}#${ref}`);
  if (reference.kind !== 'edition' || !reference.cell) throw new Error(`no cell: ${ref}`);
  return reference.cell;
}

/** References of an edition's figures, every n-th of them: the same ones each time. */
function sampleOf(manifest: EditionManifest, size: number): readonly string[] {
  const refs = [...new Set(figuresOf(manifest.document).map(({ figure }) => figure.ref))];
  const step = Math.max(1, Math.floor(refs.length / size));
  return refs.filter((_, at) => at % step === 0).map((ref) => `${manifest.reference}#${ref}`);
}

const verifiedBytes = new Map<string, boolean>();

/** Whether landed bytes still have their hash; each looked at once. */
async function verified(
  landing: { verify(sha256: string): Promise<boolean> },
  sha256: string,
): Promise<boolean> {
  const known = verifiedBytes.get(sha256) ?? (await landing.verify(sha256));
  verifiedBytes.set(sha256, known);
  return known;
}
