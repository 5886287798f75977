import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeDocument } from '../../reports/compose-document.ts';
import { reports } from '../../reports/registry.ts';
import { figuresOf } from '../../render/document-figures.ts';
import type { ReportDocument } from '../../render/document.ts';
import { renderPdf } from '../../render/pdf/render-pdf.ts';
import { verifyWorkbook } from '../../render/verify-workbook.ts';
import { renderWorkbook } from '../../render/workbook/render-workbook.ts';
import { hasProgram, pdfText } from '../render/external-tools.ts';
import { cityTables } from './city-facts.ts';
import { openFactHome, type FactHome } from './fact-home.ts';
import { frame } from './frame.ts';

const PERIODS: Readonly<Record<string, string>> = {
  'administrative-procedures': '2026-10@nd09',
  'epidemic-bulletin': '2026-W45',
};

let home: FactHome;
beforeAll(async () => {
  home = await openFactHome(cityTables());
});
afterAll(() => home.remove());

/** Set to a directory to look at the pages. */
const keep = process.env['KEEP_REPORTS'];

describe.each(reports.map((report) => [report.name, report] as const))('%s', (name, report) => {
  let document: ReportDocument;
  beforeAll(async () => {
    const context = home.context(PERIODS[name] ?? '');
    document = composeDocument(report, await report.compute(context), context, frame);
  });

  it('lists every agency or commune of the city', () => {
    const [table] = document.sections
      .flatMap(({ blocks }) => blocks)
      .filter((block) => block.kind === 'table')
      .filter(({ id }) => ['handling', 'communes'].includes(id));
    const rows = table?.rows.filter(({ kind }) => kind === 'data') ?? [];
    expect(rows.length).toBe(name === 'epidemic-bulletin' ? 114 : 127);
  });

  it('holds: every check line of a whole city', () => {
    const checks = document.sections
      .flatMap(({ blocks }) => blocks)
      .flatMap((block) => (block.kind === 'table' ? (block.checks ?? []) : []));
    expect(checks.length).toBeGreaterThan(1);
    expect(checks.every(({ holds }) => holds)).toBe(true);
  });

  it.skipIf(!hasProgram('pdftotext'))(
    'fits its pages: every printed figure is on paper',
    async () => {
      const bytes = await renderPdf(document);
      if (keep !== undefined) keepFile(keep, `${name}.pdf`, bytes);
      const text = pdfText(bytes, '-layout');
      const printed = figuresOf(document).filter(
        ({ place }) => place === 'text' || place === 'cell',
      );
      const missing = printed.filter((figure) => !text.includes(figure.printed));
      expect(missing.map(({ figure }) => figure.ref)).toEqual([]);
    },
    60_000,
  );

  it('gives a workbook with the same figures', async () => {
    const bytes = await renderWorkbook(document);
    if (keep !== undefined) keepFile(keep, `${name}.xlsx`, bytes);
    await verifyWorkbook(bytes, document);
  }, 60_000);
});

function keepFile(directory: string, name: string, bytes: Uint8Array): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(path.join(directory, name), bytes);
}
