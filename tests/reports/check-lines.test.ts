import { describe, expect, it } from 'vitest';
import { addsUp, balances, checkLine } from '../../reports/layout/check-lines.ts';
import { COUNT, figureOf, RATE } from '../../reports/layout/figure-of.ts';
import { inlines } from '../../reports/layout/inlines.ts';
import { byVietnameseName } from '../../reports/layout/vietnamese-order.ts';
import type { FigureTable } from '../../transforms/catalog/figure-table.ts';

function tableOf(
  rows: Readonly<Record<string, Readonly<Record<string, string | null>>>>,
): FigureTable {
  const listed = Object.entries(rows).map(([key, values]) => ({
    key: [key],
    filter: 'true',
    values,
  }));
  return { id: 't', rules: [], rows: listed };
}

const table = tableOf({
  'H31.1': { came: '2', went: '1', left: '1', rate: null },
  'H31.2': { came: '3', went: '3', left: '0', rate: '100.00' },
  total: { came: '5', went: '4', left: '1', rate: '80.00' },
});
const agencies = [['H31.1'], ['H31.2']];

describe('check lines', () => {
  it('hold when every row balances and the rows add up', () => {
    expect(balances(table, [...agencies, ['total']], ['came'], ['went', 'left'])).toBe(true);
    expect(addsUp(table, agencies, ['total'], ['came', 'went', 'left'])).toBe(true);
  });

  it('fail when one row does not balance though the total does', () => {
    const wrong = tableOf({
      a: { came: '2', went: '2', left: '1' },
      b: { came: '3', went: '2', left: '0' },
      total: { came: '5', went: '4', left: '1' },
    });
    expect(balances(wrong, [['total']], ['came'], ['went', 'left'])).toBe(true);
    expect(balances(wrong, [['a'], ['b'], ['total']], ['came'], ['went', 'left'])).toBe(false);
  });

  it('fail when a row is missing from the sum, and add points exactly', () => {
    expect(addsUp(table, [['H31.1']], ['total'], ['came'])).toBe(false);
    const points = tableOf({ a: { p: '0.10' }, b: { p: '0.20' }, total: { p: '0.30' } });
    expect(addsUp(points, [['a'], ['b']], ['total'], ['p'])).toBe(true);
    const negative = tableOf({ a: { p: '-0.50' }, b: { p: '3' }, total: { p: '2.5' } });
    expect(addsUp(negative, [['a'], ['b']], ['total'], ['p'])).toBe(true);
  });

  it('are printed with their figures', () => {
    const at = (column: string) => figureOf(table, ['total'], column, COUNT);
    const line = checkLine({
      label: 'x',
      left: [at('came')],
      right: [at('went'), at('left')],
      holds: true,
    });
    const words = line.inlines.map((part) => (part.kind === 'text' ? part.text : part.ref));
    expect(words.join('')).toBe('x: t.total.came = t.total.went + t.total.left');
  });
});

describe('figures', () => {
  it('carry their reference, and a mark where there is no value', () => {
    expect(figureOf(table, ['H31.1'], 'rate', RATE)).toMatchObject({
      ref: 't.H31%2E1.rate',
      value: null,
      mark: 'no-denominator',
    });
    const none = { ...COUNT, whenZero: 'no-event' as const };
    expect(figureOf(table, ['H31.2'], 'left', none)).toMatchObject({
      value: '0',
      mark: 'no-event',
    });
  });

  it('cannot be made of a cell that was not computed', () => {
    expect(() => figureOf(table, ['H31.3'], 'rate', RATE)).toThrow('no cell t.H31.3.rate');
    expect(() => figureOf(table, ['total'], 'other', RATE)).toThrow('no cell t.total.other');
  });

  it('stand in their sentence', () => {
    const figure = figureOf(table, ['total'], 'came', COUNT);
    expect(inlines`${figure} hồ sơ`).toEqual([figure, { kind: 'text', text: ' hồ sơ' }]);
  });
});

describe('the Vietnamese alphabet', () => {
  it('puts ă and đ after a and d, and numbers by value', () => {
    const names = ['Phường Đồ Sơn', 'Phường Ăn', 'Phường An', 'Xã 10', 'Xã 2', 'Phường Dương Kinh'];
    const sorted = byVietnameseName(names.map((name) => ({ name, code: name })));
    expect(sorted.map(({ name }) => name)).toEqual([
      'Phường An',
      'Phường Ăn',
      'Phường Dương Kinh',
      'Phường Đồ Sơn',
      'Xã 2',
      'Xã 10',
    ]);
  });
});
