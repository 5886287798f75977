import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseArea } from '../../core/area.ts';
import {
  evaluateIndicator,
  type IndicatorValue,
} from '../../transforms/catalog/indicator-value.ts';
import type { Indicator } from '../../transforms/catalog/indicator.ts';
import { loadCatalog } from '../../transforms/catalog/load-catalog.ts';
import { loadDimensions } from '../../transforms/catalog/load-dimensions.ts';
import { loadIndicators } from '../../transforms/catalog/load-indicators.ts';
import { existsSync } from 'node:fs';
import { periods } from '../core/dimension-rows.ts';
import { Engine } from './engine.ts';
import { loadedStreams } from './loaded-streams.ts';

const transforms = fileURLToPath(new URL('../../transforms', import.meta.url));
const golden = fileURLToPath(new URL('golden', import.meta.url));
/** Cases whose inputs do not clash: one home with all three systems. */
const folders = ['on-time-rule', 'invoice-states', 'epidemic-reform'];
let engine: Engine;
let indicators: readonly Indicator[];

beforeAll(async () => {
  engine = await Engine.open();
  indicators = await loadIndicators(`${transforms}/catalog/indicators`);
  const packs = await loadDimensions(`${transforms}/catalog/dimensions`);
  for (const pack of packs) {
    const file = `dim.${pack.contract.stream}.csv`;
    await engine.createTable(pack.contract, given(file) ?? pack.path);
  }
  for (const stream of loadedStreams) {
    await engine.createTable(stream, given(`${stream.layer}.${stream.stream}.csv`));
  }
  const catalog = await loadCatalog({
    directory: transforms,
    tablesOf: (sql) => engine.tablesOf(sql),
  });
  for (const asset of catalog.assets) {
    await engine.run(`create table ${asset.key} as ${asset.sql}`);
  }
});
afterAll(() => engine.close());

function given(file: string): string | undefined {
  return folders.map((folder) => path.join(golden, folder, file)).find((p) => existsSync(p));
}

async function value(code: string, period: string, area: string): Promise<IndicatorValue> {
  const indicator = indicators.find((i) => i.code === code);
  if (!indicator) throw new Error(`no indicator ${code}`);
  return evaluateIndicator({
    warehouse: engine,
    periods,
    indicator,
    period: periods.parse(period),
    area: parseArea(area),
  });
}

describe('indicators', () => {
  it('the shipped ones are of every system, with unique codes and both languages', () => {
    const codes = indicators.map((i) => i.code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of [
      'TTHC.2.1',
      'TTHC.3.3',
      'TTHC.3.6',
      'TTHC.4.2',
      'TTHC.4.5',
      'DB.1',
      'DB.2',
      'DB.3',
      'DB.4',
      'HD.1',
      'HD.2',
      'HD.3',
      'HD.4',
      'HD.5',
    ]) {
      expect(codes).toContain(code);
    }
    for (const i of indicators) expect(i.name.vi).not.toBe(i.name.en);
  });

  it.each([
    ['DB.1', '2026-W27', '31', '5', '5', undefined],
    ['DB.1', '2026-W27', '00001', '1', '1', undefined],
    ['DB.2', '2026-W27', '31', '142.86', '5', '3500'],
    ['DB.3', '2026-W27', '31', '41', '41', undefined],
    ['DB.4', '2026-W27', '31', '0', '0', undefined],
    ['HD.1', '2026-09', '11311', '253905', '253905.00', undefined],
    ['HD.1', '2026-10', '11311', '9450', '9450.00', undefined],
    ['HD.2', '2026-09', '11311', '254355', '254355.00', undefined],
    ['HD.2', '2026-10', '11311', '9000', '9000.00', undefined],
    ['HD.3', '2026-10', '11311', '935', '935.00', undefined],
    ['HD.4', '2026-10', '11311', '3', '3', undefined],
  ])('%s %s %s is %s', async (code, period, area, expected, numerator, denominator) => {
    expect(await value(code, period, area)).toMatchObject({
      kind: 'value',
      value: expected,
      numerator,
      denominator,
    });
  });

  it('prints the SQL that gives both parts', async () => {
    const found = await value('DB.2', '2026-W27', '00001');
    if (found.kind !== 'value') throw new Error(found.kind);
    expect((await engine.select(found.sql)).rows).toEqual([
      [found.value, found.numerator, found.denominator],
    ]);
    expect(found.filter).toBe("period_id = '2026-W27' and current_commune_code = '00001'");
    expect(found.sql).toContain('filter (where population is not null)');
  });

  it('a ratio over nothing is no figure, never 0 %', async () => {
    expect(await value('TTHC.2.1', '2030-01', '31')).toMatchObject({
      kind: 'no-denominator',
      denominator: '0',
    });
  });

  it('is not comparable over a split without a share, nor by boundaries that are gone', async () => {
    expect(await value('DB.1', '2025-W26', '00003@2026-01-01')).toMatchObject({
      kind: 'not-comparable',
    });
    expect(await value('DB.1', '2026-W27', '00003@2025-06-30')).toMatchObject({
      kind: 'not-comparable',
    });
    expect(await value('DB.1', '2025-W26', '00003')).toMatchObject({ kind: 'value', value: '1' });
    expect(await value('DB.1', '2025-W26', '00001@2026-01-01')).toMatchObject({
      kind: 'value',
      value: '3',
    });
  });
});
