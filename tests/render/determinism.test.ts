import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { renderPdf } from '../../render/pdf/render-pdf.ts';
import { renderWorkbook } from '../../render/workbook/render-workbook.ts';
import { sampleDocument } from './sample-document.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Renders the document on standard input and prints the hashes of its files. */
const PROGRAM = `
  import { createHash } from 'node:crypto';
  import { text } from 'node:stream/consumers';
  import { renderPdf } from '${ROOT}/render/pdf/render-pdf.ts';
  import { renderWorkbook } from '${ROOT}/render/workbook/render-workbook.ts';
  const document = JSON.parse(await text(process.stdin));
  for (const render of [renderPdf, renderWorkbook]) {
    console.log(createHash('sha256').update(await render(document)).digest('hex'));
  }
`;

let directory = '';

beforeAll(async () => {
  directory = mkdtempSync(join(ROOT, 'node_modules/.render-test-'));
  const entry = join(directory, 'program.ts');
  writeFileSync(entry, PROGRAM);
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    build: { ssr: entry, outDir: join(directory, 'out'), target: 'node20' },
  });
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function hashesIn(environment: Readonly<Record<string, string>>): string[] {
  const output = execFileSync('node', [join(directory, 'out/program.js')], {
    input: JSON.stringify(sampleDocument()),
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  return output.trim().split('\n');
}

it('E19 E20 the same tree gives the same bytes in other processes, zones and locales', async () => {
  const here = [];
  for (const render of [renderPdf, renderWorkbook]) {
    const bytes = await render(sampleDocument());
    here.push(createHash('sha256').update(bytes).digest('hex'));
  }
  expect(hashesIn({ TZ: 'America/Los_Angeles', LANG: 'tr_TR.UTF-8' })).toEqual(here);
  expect(hashesIn({ TZ: 'Pacific/Kiritimati', LC_ALL: 'C' })).toEqual(here);
});

it('E19 rendering twice in one process changes nothing, charts included', async () => {
  const first = await renderPdf(sampleDocument());
  const second = await renderPdf(sampleDocument());
  expect(Buffer.compare(first, second)).toBe(0);
});
