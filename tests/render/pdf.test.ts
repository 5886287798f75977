import { describe, expect, it } from 'vitest';
import { figuresOf, literalsOf } from '../../render/document-figures.ts';
import type { Block, ReportDocument } from '../../render/document.ts';
import { renderPdf } from '../../render/pdf/render-pdf.ts';
import { hasProgram, pdfText } from './external-tools.ts';
import { figure, sampleDocument, wideTable } from './sample-document.ts';
import { VIETNAMESE_LETTERS } from './vietnamese-letters.ts';

const poppler = hasProgram('pdftotext');

function documentWith(blocks: readonly Block[]): ReportDocument {
  return { ...sampleDocument(), sections: [{ orientation: 'portrait', blocks }] };
}

function paragraph(text: string): Block {
  return { kind: 'paragraph', inlines: [{ kind: 'text', text }] };
}

describe.skipIf(!poppler)('PDF text (needs pdftotext)', () => {
  it('E16 all 134 Vietnamese letters come back, also from NFD input', async () => {
    expect(VIETNAMESE_LETTERS).toHaveLength(134);
    const composed = VIETNAMESE_LETTERS.join(' ');
    const bytes = await renderPdf(documentWith([paragraph(composed.normalize('NFD'))]));
    const text = pdfText(bytes);
    expect(VIETNAMESE_LETTERS.filter((letter) => !text.includes(letter))).toEqual([]);
    expect(/\p{M}/u.test(text)).toBe(false);
  });

  it('every number on paper is a figure, a declared literal or a page number', async () => {
    const document = sampleDocument();
    const text = pdfText(await renderPdf(document), '-layout');
    const declared = [
      ...literalsOf(document),
      ...figuresOf(document).map(({ printed }) => printed),
    ].flatMap(numbersIn);
    const pages = text.split('\f').map((_, index) => String(index + 1));
    const known = new Set([...declared, ...pages]);
    expect(numbersIn(text).length).toBeGreaterThan(500);
    expect(numbersIn(text).filter((number) => !known.has(number))).toEqual([]);
  });

  it('every figure printed in a table stands on paper', async () => {
    const document = sampleDocument();
    const words = new Set(pdfText(await renderPdf(document), '-layout').split(/\s+/));
    const cells = figuresOf(document).filter(({ place }) => place === 'cell');
    expect(cells.filter(({ printed }) => !words.has(printed))).toEqual([]);
  });

  it('E06 an empty table says that there are no data', async () => {
    const empty = { ...wideTable(), rows: [] };
    const document = {
      ...documentWith([]),
      sections: [{ orientation: 'landscape', blocks: [empty] }],
    } as const;
    expect(pdfText(await renderPdf(document))).toContain('Không có số liệu trong kỳ');
  });

  it('E17 marks stay distinct on paper', async () => {
    const marks = [
      'zero',
      'no-event',
      'not-collected',
      'no-denominator',
      'primary-suppressed',
      'secondary-suppressed',
    ] as const;
    const inlines = marks.flatMap((mark, index) => [
      { kind: 'text', text: ` M${index}=` } as const,
      figure(`t.m${index}.v`, null, { decimals: 0 }, mark),
    ]);
    const text = pdfText(await renderPdf(documentWith([{ kind: 'paragraph', inlines }])));
    expect(text.replace(/\s+/g, '')).toContain('M0=0M1=-M2=…M3=—M4=<3M5=x');
  });

  it('H36 control and direction-changing characters are gone', async () => {
    const hostile = 'A\u0000B\u202eC\u2066D\ufeffE\ud800F\u200bG';
    const text = pdfText(await renderPdf(documentWith([paragraph(hostile)])));
    expect(text).toContain('ABCDE\ufffdFG');
  });

  it('prints an English report with English separators', async () => {
    const block: Block = {
      kind: 'paragraph',
      inlines: [figure('t.r.c', '1234567.891', { decimals: 2 })],
    };
    const text = pdfText(await renderPdf({ ...documentWith([block]), language: 'en' }));
    expect(text).toContain('1,234,567.89');
    expect(text).toContain('SOCIALIST REPUBLIC OF VIET NAM');
    expect(text).toContain('5 January 2026');
  });

  it('no word stands outside the margins of NĐ 30 (left 30, right 15 mm)', async () => {
    const boxes = pdfText(await renderPdf(sampleDocument()), '-bbox');
    const [left, right] = [(30 * 72) / 25.4, (15 * 72) / 25.4];
    let width = 0;
    const outside: string[] = [];
    for (const [, page, xMin, xMax, word] of boxes.matchAll(
      /<page width="([\d.]+)"|<word xMin="([\d.]+)"[^>]*xMax="([\d.]+)"[^>]*>([^<]*)/g,
    )) {
      if (page !== undefined) width = Number(page);
      else if (Number(xMin) < left - 0.5 || Number(xMax) > width - right + 0.5) {
        outside.push(word ?? '');
      }
    }
    expect(width).toBeGreaterThan(500);
    expect(outside).toEqual([]);
  });

  it('numbers body and annexes each from 1 and hides the first', async () => {
    const pages = pdfText(await renderPdf(sampleDocument()), '-layout').split('\f');
    const tops = pages.map((page) => /^\s*(\d+)\s*$/.exec(page.split('\n')[0] ?? '')?.[1] ?? '');
    const annex = pages.findIndex((page) => page.includes('Phụ lục I'));
    expect(tops[0]).toBe('');
    expect(tops[1]).toBe('2');
    expect(tops[annex]).toBe('');
    expect(tops[annex + 1]).toBe('2');
  });
});

describe('PDF refusals', () => {
  it('refuses a table that no readable print fits, with its name', async () => {
    const columns = Array.from({ length: 60 }, (_, index) => ({ key: `c${index}`, label: 'Cột' }));
    const cells = columns.map(({ key }) => figure(`w.r.${key}`, '123456789'));
    const table: Block = {
      kind: 'table',
      id: 'w',
      title: 'Rộng',
      columns,
      rows: [{ kind: 'data', key: 'r', cells }],
    };
    await expect(renderPdf(documentWith([table]))).rejects.toMatchObject({
      code: 'render.table-too-wide',
      group: 'data',
      place: { value: 'w' },
    });
  });

  it('E07 refuses a tree with a figure that has neither value nor mark, naming the field', async () => {
    const block: Block = { kind: 'paragraph', inlines: [figure('t.r.c', null)] };
    await expect(renderPdf(documentWith([block]))).rejects.toMatchObject({
      code: 'render.document-invalid',
    });
  });
});

/** The digit runs of a text: `15/10–14/11/2026` holds five, `1.234,5` one. */
function numbersIn(text: string): string[] {
  return text.match(/\d+(?:[.,]\d+)*/g) ?? [];
}
