import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Home } from '../../home/open-home.ts';
import { systemCall } from '../../home/system-call.ts';
import { figuresOf } from '../../render/document-figures.ts';
import { phusa } from './command.ts';
import {
  openCorrectedHome,
  printedRefs,
  traceIn,
  traceSchema,
  week,
  type CorrectedHome,
  type Trace,
} from './corrected-home.ts';
import { issuedEditions } from './issued-editions.ts';

/** An edition, then a correction of one day by its source, then the next edition: what traces say of both. */
const day = '10-02-2025.csv';
const cases = 'communes.total.cases';
const first = `edition:epidemic-bulletin/${week}/v1`;
const second = `edition:epidemic-bulletin/${week}/v2`;

let made: CorrectedHome;
let home: Home;
/** What the first edition's figure looked like before anything was corrected. */
let untouched: Trace;

beforeAll(async () => {
  made = await openCorrectedHome(async (opened) => {
    untouched = await traceIn(opened, `${first}#${cases}`);
  });
  home = made.home;
}, 300_000);

afterAll(async () => {
  await home.close();
  made.remove();
});

describe('an edition that was corrected', () => {
  it('stands as it was printed: its figures are equal as of its time, the next has the new ones', async () => {
    const before = await trace(`${first}#${cases}`);
    const after = await trace(`${second}#${cases}`);
    expect(before).toMatchObject({ equal: true, recomputed: untouched.recomputed });
    expect(before.rows).toEqual(untouched.rows);
    expect(before.asOf < after.asOf).toBe(true);
    expect(after.equal).toBe(true);
    expect(Number(after.recomputed)).toBe(Number(before.recomputed) + 7);
  });

  it('leads to the bytes of its own time, the next to the corrected ones', async () => {
    const [before, after] = [await trace(`${first}#${cases}`), await trace(`${second}#${cases}`)];
    const ofDay = (found: typeof before) =>
      found.batches.flatMap(({ receipts }) => receipts.filter(({ name }) => name.endsWith(day)));
    expect(ofDay(before)).toHaveLength(1);
    // the other communes' rows of that day are unchanged: they came with the first file
    expect(ofDay(after).map(({ sha256 }) => sha256)).toContain(ofDay(before)[0]?.sha256);
    expect(ofDay(after)).toHaveLength(2);
  });

  it('figures all over it trace and are equal', async () => {
    for (const [index, edition] of [first, second].entries()) {
      const refs = printedRefs(editionAt(index).manifest.document);
      expect(refs.length).toBeGreaterThan(1000);
      const step = Math.ceil(refs.length / 15);
      for (const ref of refs.filter((_, at) => at % step === 0)) {
        const { equal } = await trace(`${edition}#${ref}`);
        expect({ ref, equal }).toEqual({ ref, equal: true });
      }
    }
  }, 300_000);

  it('says that it is superseded, by which, and keeps its files', async () => {
    const edition = await home.services.reports.edition(systemCall(), first);
    expect(edition).toMatchObject({ status: 'superseded', supersededBy: second });
    const { base, manifest } = editionAt(0);
    const pdf = readFileSync(`${base}.pdf`);
    expect(sha256Of(pdf)).toBe(manifest.files.pdf);
    const verdict = await home.services.reports.verify(systemCall(), manifest.files.pdf, 'a.pdf');
    expect(verdict).toMatchObject({ verdict: 'superseded' });
  });

  it('is listed in the next one: where, what was printed, what is printed now', () => {
    const { document } = editionAt(1).manifest;
    expect(document.subject).toMatch(/\(bản điều chỉnh lần 1\)$/);
    const [heading, notes] = document.sections[0]?.blocks ?? [];
    expect(heading).toMatchObject({ text: 'Đính chính so với bản phát hành số 1' });
    if (notes?.kind !== 'notes') throw new Error('no list of corrections');
    const lines = notes.items.map((inlines) =>
      inlines.map((part) => (part.kind === 'text' ? part.text : part.ref)).join(''),
    );
    const old = Number(untouched.recomputed).toLocaleString('vi-VN');
    expect(lines).toContain(`Biểu 1, Toàn thành phố, Ca mắc - Trong tuần: ${old} → ${cases}`);
  });
});

describe('references', () => {
  it('a short code leads to its edition and to every cell', async () => {
    const { manifest } = editionAt(0);
    const found = z
      .object({
        edition: z.looseObject({ reference: z.string(), status: z.string() }),
        cells: z.array(z.object({ ref: z.string(), value: z.string().nullable() })),
      })
      .parse(await home.services.trace.trace(systemCall(), manifest.shortCode, {}));
    expect(found.edition).toMatchObject({ reference: first, status: 'superseded' });
    const wanted = new Set(found.cells.map(({ ref }) => ref));
    for (const { figure } of figuresOf(manifest.document))
      expect(wanted.has(`${first}#${figure.ref}`), figure.ref).toBe(true);
    expect(found.cells.find(({ ref }) => ref === `${first}#${cases}`)?.value).toBe(
      untouched.figure.value,
    );
  });

  it('an indicator leads to its rows and bytes', async () => {
    const found = await trace(`indicator:DB.1/${week}/31`);
    const printed = await trace(`${second}#${cases}`);
    expect(found).toMatchObject({ equal: true, recomputed: printed.recomputed });
    expect(found.rows.count).toBe(printed.rows.count);
    expect(found.batches.length).toBeGreaterThan(6);
  });

  it('the command says so too, in all forms, and exits 1 only for what is not equal', async () => {
    await home.close();
    try {
      const { shortCode, tables } = editionAt(0).manifest;
      const [commune] = tables.find(({ id }) => id === 'communes')?.rows[0]?.key ?? [];
      for (const ref of [
        `${first}#${cases}`,
        first,
        shortCode,
        `indicator:DB.1/${week}/31`,
        `row:mart.epidemic_week/${week}|${commune}`,
      ]) {
        const outcome = await phusa(made.directory, ['trace', ref, '--json']);
        expect(outcome.exit, `${ref}: ${outcome.stderr}`).toBe(0);
        const said = z.looseObject({}).parse(JSON.parse(outcome.stdout));
        const shows = ref === first || ref === shortCode ? 'cells' : 'batches';
        expect(said[shows], ref).not.toHaveLength(0);
      }
      const unknown = await phusa(made.directory, ['trace', `${first}#communes.total.nothing`]);
      expect(unknown.exit).toBe(4);
    } finally {
      home = await made.reopen();
    }
  }, 300_000);
});

describe('evidence', () => {
  it('holds trace, journal and landed bytes under one signed list of hashes', async () => {
    const files = await evidence(`${first}#${cases}`);
    const list = z
      .object({ withBytes: z.boolean(), files: z.record(z.string(), z.string()) })
      .parse(JSON.parse(textOf(files, 'evidence.json')));
    expect(list.withBytes).toBe(true);
    for (const [name, sha256] of Object.entries(list.files))
      expect({ name, sha256: sha256Of(bytesOf(files, name)) }).toEqual({ name, sha256 });
    const packed = traceSchema.parse(JSON.parse(textOf(files, 'trace.json')));
    expect(packed).toMatchObject({ equal: true, intact: true });
    for (const { id } of packed.batches)
      expect(textOf(files, 'journal.ndjson')).toContain(`"subject":"${id}"`);
  });

  it('reports a landed byte that was altered; the figure itself is still equal', async () => {
    const receipts = untouched.batches.flatMap((batch) => batch.receipts);
    const altered = receipts.find(({ name }) => name.endsWith(day));
    if (!altered) throw new Error('no receipt of the day');
    const file = path.join(
      made.directory,
      'landing',
      'sha256',
      altered.sha256.slice(0, 2),
      altered.sha256,
    );
    const bytes = readFileSync(file);
    rmSync(file);
    writeFileSync(file, Buffer.concat([bytes, Buffer.from(' ')]));
    const found = await trace(`${first}#${cases}`, { rows: true });
    expect(found).toMatchObject({ equal: true, intact: false });
    rmSync(file);
    writeFileSync(file, bytes);
    expect(await trace(`${first}#${cases}`, { rows: true })).toMatchObject({ intact: true });
  });
});

async function trace(ref: string, options: { readonly rows?: boolean } = {}): Promise<Trace> {
  return await traceIn(home, ref, options);
}

function editionAt(index: number) {
  const edition = issuedEditions(made.directory)[index];
  if (!edition) throw new Error(`no edition ${index}`);
  return edition;
}

type Files = Awaited<ReturnType<Home['services']['trace']['evidence']>>['files'];

async function evidence(ref: string): Promise<Files> {
  return (await home.services.trace.evidence(systemCall(), ref)).files;
}

function bytesOf(files: Files, name: string): Buffer {
  const file = files.find((each) => each.name === name);
  if (!file) throw new Error(`no ${name}`);
  return readFileSync(file.path);
}

function textOf(files: Files, name: string): string {
  return bytesOf(files, name).toString('utf8');
}

function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
