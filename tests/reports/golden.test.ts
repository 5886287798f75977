import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { formatKey, parseReference } from '../../core/reference.ts';
import { composeDocument } from '../../reports/compose-document.ts';
import { reports } from '../../reports/registry.ts';
import type { Report, ReportContent, ReportContext } from '../../reports/report.ts';
import { checkedDocument } from '../../render/checked-document.ts';
import { figuresOf } from '../../render/document-figures.ts';
import { figureSql } from '../../transforms/catalog/figure-rule.ts';
import { figureAt } from '../../transforms/catalog/figure-table.ts';
import { openFactHome, tablesIn, type FactHome } from './fact-home.ts';
import { frame } from './frame.ts';

/**
 * Each folder of golden/ is a report over facts worked out by hand: `<layer>.<table>.csv` are rows (columns left out
 * are NULL, dimensions not given are the shipped ones), `expected.figures.json` the figures by table, row and column.
 */
const golden = fileURLToPath(new URL('golden', import.meta.url));
const caseSchema = z.object({ report: z.string(), period: z.string() });
const figuresSchema = z.record(
  z.string(),
  z.record(z.string(), z.record(z.string(), z.string().nullable())),
);

describe.each(readdirSync(golden))('%s', (name) => {
  const folder = path.join(golden, name);
  const json = (file: string): unknown => JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
  const { report: reportName, period } = caseSchema.parse(json('case.json'));
  const report = reportNamed(reportName);
  let home: FactHome;
  let context: ReportContext;
  let content: ReportContent;

  beforeAll(async () => {
    home = await openFactHome(tablesIn(folder));
    context = home.context(period);
    content = await report.compute(context);
  });
  afterAll(() => home.remove());

  it('computes what was worked out by hand', () => {
    const expected = figuresSchema.parse(json('expected.figures.json'));
    const actual = figuresOfContent(content);
    for (const [table, rows] of Object.entries(expected)) {
      for (const [row, values] of Object.entries(rows)) {
        expect({ table, row, values: actual[table]?.[row] }).toEqual({ table, row, values });
      }
    }
  });

  it.each(['vi', 'en'] as const)('lays out a document that holds together (%s)', (language) => {
    const document = composeDocument(report, content, { ...context, language }, frame);
    expect(checkedDocument(document)).toEqual(document);
    const tables = document.sections
      .flatMap(({ blocks }) => blocks)
      .filter((block) => block.kind === 'table');
    const checks = tables.flatMap((table) => table.checks ?? []);
    expect(checks.length).toBeGreaterThan(0);
    expect(checks.filter((check) => !check.holds).map((check) => check.inlines)).toEqual([]);
  });

  it('is laid out purely: the same content gives the same tree', () => {
    const again: ReportContent = structuredClone(content);
    expect(report.layout(again, context)).toEqual(report.layout(content, context));
  });

  it('prints no number that does not trace, and each recomputes to the same', async () => {
    const document = composeDocument(report, content, context, frame);
    const figures = new Map(figuresOf(document).map(({ figure }) => [figure.ref, figure]));
    expect(figures.size).toBeGreaterThan(20);
    for (const figure of figures.values()) {
      const found = figureAt(content.tables, cellOf(figure.ref));
      expect(found, figure.ref).toBeDefined();
      if (!found) continue;
      const { rows } = await home.warehouse.select(figureSql(found.rule, found.row.filter));
      expect({ ref: figure.ref, value: rows[0]?.[0] ?? null }).toEqual({
        ref: figure.ref,
        value: figure.value,
      });
    }
  });

  it('gives the names of the period’s legal bases, none repealed', () => {
    const lines = report.legalBasis(content, context);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join()).not.toMatch(/54\/2015|61\/2018|123\/2020/);
  });
});

function reportNamed(name: string): Report {
  const report = reports.find((candidate) => candidate.name === name);
  if (!report) throw new Error(`no report ${name}`);
  return report;
}

function cellOf(ref: string) {
  const parsed = parseReference(`edition:a/2026/v1#${ref}`);
  if (parsed.kind !== 'edition' || !parsed.cell) throw new Error(`no cell: ${ref}`);
  return parsed.cell;
}

type Figures = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

function figuresOfContent({ tables }: ReportContent): Figures {
  return Object.fromEntries(
    tables.map(({ id, rows }) => [
      id,
      Object.fromEntries(rows.map(({ key, values }) => [formatKey(key), values])),
    ]),
  );
}
