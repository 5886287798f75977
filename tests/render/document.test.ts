import { describe, expect, it } from 'vitest';
import { checkedDocument } from '../../render/checked-document.ts';
import { figuresOf, literalsOf } from '../../render/document-figures.ts';
import { RENDERER_VERSION } from '../../render/renderer-version.ts';
import { tableHeader } from '../../render/table/table-header.ts';
import { fitTable } from '../../render/table/table-widths.ts';
import { figure, sampleChart, sampleDocument, wideTable } from './sample-document.ts';

describe('the document tree', () => {
  it('survives JSON unchanged', () => {
    const document = sampleDocument();
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
    expect(checkedDocument(JSON.parse(JSON.stringify(document)))).toEqual(document);
  });

  it('names every bad field at once', () => {
    const broken = { ...sampleDocument(), language: 'fr', title: '', createdAt: 'yesterday' };
    expect(() => checkedDocument(broken)).toThrow(/language.*title.*createdAt/);
  });

  it.each([
    ['a float', { ...figure('t.r.c', '1e3') }],
    ['a reference without row', { ...figure('t.c', '1') }],
    ['no value and no mark', { ...figure('t.r.c', null) }],
    ['a formula', { kind: 'figure', formula: '1+1' }],
  ])('refuses a figure with %s', (_, bad) => {
    const block = { kind: 'paragraph', inlines: [bad] };
    const sections = [{ orientation: 'portrait', blocks: [block] }];
    expect(() => checkedDocument({ ...sampleDocument(), sections })).toThrow(/not valid/);
  });

  it('refuses rows of the wrong length and annexes before the body', () => {
    const table = { ...wideTable(), rows: [{ kind: 'data', key: 'r', cells: [] }] };
    const short = [{ orientation: 'portrait', blocks: [table] }];
    expect(() => checkedDocument({ ...sampleDocument(), sections: short })).toThrow(/cells/);
    const reversed = [...sampleDocument().sections].reverse();
    expect(() => checkedDocument({ ...sampleDocument(), sections: reversed })).toThrow(/annexes/);
  });

  it('E21 bounds what a chart may hold', () => {
    const categories = Array.from({ length: 2001 }, (_, index) => `T${index}`);
    const chart = { ...sampleChart(), categories, series: [] };
    const sections = [{ orientation: 'portrait', blocks: [chart] }];
    expect(() => checkedDocument({ ...sampleDocument(), sections })).toThrow(/2000/);
  });

  it('finds every figure and its place', () => {
    const places = figuresOf(sampleDocument()).map(({ place }) => place);
    const count = (place: string): number => places.filter((found) => found === place).length;
    expect(count('chart')).toBe(16);
    expect(count('map')).toBe(114);
    expect(count('text')).toBe(3 + 2 + 2);
    expect(count('cell')).toBe((1 + 7) * 14 + (1 + 60) * 14);
  });

  it('declares every other number as a literal', () => {
    const literals = literalsOf(sampleDocument());
    expect(literals).toContain('15/10–14/11/2026');
    expect(literals).toContain('14=(7+8)/6');
    expect(literals).toContain('Hải Phòng, ngày 05 tháng 01 năm 2026');
    expect(literals.some((text) => text.includes('1.234.567'))).toBe(false);
  });

  it('names what made the bytes', () => {
    expect(RENDERER_VERSION).toMatch(/^phusa-layout@\d+ pdfmake@0\.3\.\d+ exceljs@4/);
  });
});

describe('table layout', () => {
  it('covers the header grid exactly once', () => {
    const table = wideTable();
    const { rows, cells } = tableHeader(table);
    const covered = cells.flatMap((cell) =>
      Array.from({ length: cell.rowSpan * cell.columnSpan }, (_, index) => {
        const row = cell.row + Math.floor(index / cell.columnSpan);
        return `${row}/${cell.column + (index % cell.columnSpan)}`;
      }),
    );
    expect(rows).toBe(4);
    expect(covered).toHaveLength(rows * table.columns.length);
    expect(new Set(covered).size).toBe(covered.length);
  });

  it('prints the window over all columns that share it', () => {
    const windows = tableHeader(wideTable()).cells.filter(({ role }) => role === 'window');
    expect(windows.map(({ text, columnSpan }) => [text, columnSpan])).toEqual([
      ['15/09–14/10/2026', 1],
      ['15/10–14/11/2026', 13],
    ]);
  });

  it('shrinks the print before it gives up, and never overflows', () => {
    const demands = Array.from({ length: 10 }, () => ({ least: 4, most: 6 }));
    const fit = fitTable('t', demands, 450, 5);
    expect(fit.fontSize).toBe(10);
    expect(fit.widths.reduce((sum, width) => sum + width, 0) + 50).toBeLessThanOrEqual(450.001);
    expect(() => fitTable('t', demands, 380, 5)).toThrow(/wider than the page/);
  });
});
