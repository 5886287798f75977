import { describe, expect, it } from 'vitest';
import { freshnessSlots } from '../../services/freshness.ts';

const span = (from: string, to: string) => ({ from: Date.parse(from), to: Date.parse(to) });
const days = (freshness: string, from: string, to: string) =>
  freshnessSlots(freshness, span(from, to)).map((slot) => new Date(slot.from).toISOString());

describe('the slots of a declared freshness', () => {
  it('are whole days of Vietnam; a day that has not ended is not expected yet', () => {
    expect(days('P1D', '2026-11-01T00:00:00+07:00', '2026-11-04T08:00:00+07:00')).toEqual([
      '2026-10-31T17:00:00.000Z',
      '2026-11-01T17:00:00.000Z',
      '2026-11-02T17:00:00.000Z',
    ]);
  });

  it('are calendar months from their first day, February too', () => {
    expect(days('P1M', '2026-01-15T00:00:00+07:00', '2026-05-01T00:00:00+07:00')).toEqual([
      '2026-01-31T17:00:00.000Z',
      '2026-02-28T17:00:00.000Z',
      '2026-03-31T17:00:00.000Z',
    ]);
  });

  it.each(['P1W', 'PT6H', 'P2D'])('%s: slots touch, and fill the span', (freshness) => {
    const slots = freshnessSlots(
      freshness,
      span('2026-11-02T00:00:00+07:00', '2026-11-30T00:00:00+07:00'),
    );
    expect(slots[0]?.from).toBe(Date.parse('2026-11-02T00:00:00+07:00'));
    for (const [n, slot] of slots.slice(1).entries()) expect(slot.from).toBe(slots[n]?.to);
    expect(slots.at(-1)?.to).toBe(Date.parse('2026-11-30T00:00:00+07:00'));
  });

  it.each(['', 'P0D', '1D', 'P1Y', 'PT', 'P1D12H'])('refuses “%s”', (freshness) => {
    expect(() => freshnessSlots(freshness, span('2026-11-01', '2026-11-02'))).toThrow(
      expect.objectContaining({ code: 'freshness-invalid' }) as Error,
    );
  });
});
