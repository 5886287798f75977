import { describe, expect, it } from 'vitest';
import { correctionsBetween } from '../../reports/corrections.ts';
import type { Block, Figure, ReportDocument } from '../../render/document.ts';
import { sampleDocument } from '../render/sample-document.ts';

const rate = (value: string | null, unit: boolean): Figure => ({
  kind: 'figure',
  ref: 'handling.total.rate',
  value,
  mark: value === null ? 'no-denominator' : 'none',
  format: { decimals: 2, ...(unit ? { unit: 'percent' } : {}) },
});

/** One rate that stands bare in a table and with its unit in a sentence, and counts of agencies. */
function documentOf(value: string | null, counts: readonly string[] = ['5']): ReportDocument {
  const blocks: readonly Block[] = [
    {
      kind: 'table',
      id: 'handling',
      title: 'Biểu 1. Hồ sơ theo cơ quan',
      columns: [
        { key: 'position', label: 'STT' },
        { key: 'agency', label: 'Cơ quan' },
        { key: 'rate', label: 'Tỷ lệ', groups: ['Đúng hạn'] },
      ],
      rows: [
        {
          kind: 'total',
          key: 'total',
          cells: [{ kind: 'empty' }, { kind: 'text', text: 'Toàn thành phố' }, rate(value, false)],
        },
        ...counts.map((count, index) => ({
          kind: 'data' as const,
          key: `a${index}`,
          cells: [
            { kind: 'text' as const, text: String(index + 1) },
            { kind: 'text' as const, text: `Sở ${index + 1}` },
            {
              kind: 'figure' as const,
              ref: `handling.a${index}.rate`,
              value: count,
              format: { decimals: 0 },
            },
          ],
        })),
      ],
    },
    {
      kind: 'paragraph',
      inlines: [{ kind: 'text', text: 'Tỷ lệ đúng hạn đạt ' }, rate(value, true)],
    },
  ];
  return { ...sampleDocument(), language: 'vi', sections: [{ orientation: 'portrait', blocks }] };
}

const words = (before: ReportDocument, after: ReportDocument) =>
  correctionsBetween(before, after).map((line) =>
    line.map((part) => (part.kind === 'text' ? part.text : `${part.value ?? part.mark}`)).join(''),
  );

describe('corrections of an edition', () => {
  it('say where, what was printed and what is printed now, once', () => {
    expect(words(documentOf('86.09'), documentOf('86.1'))).toEqual([
      'Biểu 1, Toàn thành phố, Đúng hạn - Tỷ lệ: 86,09 → 86.1',
    ]);
    expect(words(documentOf('86.09'), documentOf(null))).toEqual([
      'Biểu 1, Toàn thành phố, Đúng hạn - Tỷ lệ: 86,09 → no-denominator',
    ]);
  });

  it('are none where the same number is written in two ways', () => {
    const same = words(documentOf('86.09'), documentOf('86.090'));
    expect(same).toHaveLength(1);
    expect(same[0]).toContain('không thay đổi');
  });

  it('keep silent about members that came or went', () => {
    const after = documentOf('86.09', ['5', '7']);
    expect(words(documentOf('86.09', ['5']), after)[0]).toContain('không thay đổi');
  });

  it('beyond ten only say how many more', () => {
    const counts = (first: number) => Array.from({ length: 14 }, (_, at) => String(first + at));
    const lines = words(documentOf('1', counts(1)), documentOf('1', counts(100)));
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toBe('và 4 số liệu khác');
  });
});
