import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { epidemicBulletin } from '../../reports/epidemic-bulletin/report.ts';
import { rowAt, type FigureTable } from '../../transforms/catalog/figure-table.ts';
import type { CsvRow } from '../../transforms/catalog/csv-rows.ts';
import { openFactHome, type FactHome } from './fact-home.ts';

const WEEK = '2025-W20';

function week(code: string, province: string, today: string, cases: string): CsvRow {
  return {
    period_id: WEEK,
    commune_code: code,
    current_commune_code: today,
    province_code: province,
    current_province_code: '31',
    new_cases: cases,
    new_deaths: '0',
    corrections: '0',
    is_complete: 'true',
  };
}

describe('a week before 1 July 2025', () => {
  let home: FactHome;
  beforeAll(async () => {
    home = await openFactHome({
      'mart.epidemic_week': [
        week('11311', '31', '11311', '5'),
        week('11296', '31', '11311', '7'),
        week('10507', '30', '10507', '11'),
        week('10510', '30', '', '13'),
      ],
    });
  });
  afterAll(() => home.remove());

  const communesOf = async (areasAsOf?: string) => {
    const changes = areasAsOf === undefined ? {} : { areasAsOf };
    const context = home.context(WEEK, changes);
    const content = await epidemicBulletin.compute(context);
    return { content, context, table: content.tables[0] ?? { id: '', rules: [], rows: [] } };
  };
  const cases = (table: FigureTable, key: string) => rowAt(table, [key])?.values['cases'];

  it('is shown by its own communes and its own province', async () => {
    const { table } = await communesOf();
    expect(cases(table, '11311')).toBe('5');
    expect(cases(table, '10507')).toBeUndefined();
    expect(cases(table, 'total')).toBe('12');
  });

  it('is carried over to today’s communes on demand, and says what a split left over', async () => {
    const { table, content, context } = await communesOf('2026-11-08');
    expect(cases(table, '11311')).toBe('12');
    expect(cases(table, '10507')).toBe('11');
    expect(cases(table, '-')).toBe('13');
    expect(cases(table, 'total')).toBe('36');
    const names = epidemicBulletin
      .layout(content, context)
      .flatMap(({ blocks }) => blocks)
      .flatMap((block) => (block.kind === 'table' ? block.rows : []))
      .flatMap((row) => (row.kind === 'data' ? [row.cells[1]] : []));
    expect(names.at(-1)).toMatchObject({ text: 'Chưa quy đổi được theo địa bàn mới' });
  });

  it('cites what was in force then, not what replaced it', async () => {
    const { content, context } = await communesOf();
    expect(epidemicBulletin.legalBasis(content, context).join()).toContain('54/2015/TT-BYT');
    expect(epidemicBulletin.legalBasis(content, context).join()).not.toContain('15/2026');
  });

  it('draws no map without tiles, and says that rates need a population', async () => {
    const { content, context } = await communesOf();
    const blocks = epidemicBulletin.layout(content, context).flatMap((section) => section.blocks);
    expect(blocks.some(({ kind }) => kind === 'map')).toBe(false);
    expect(JSON.stringify(blocks)).toContain('Chưa nạp số liệu dân số');
  });
});
