import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CrashPoint } from '../../core/crash-point.ts';
import { runChild } from '../harness/killer.ts';
import { openDuckdbWarehouse } from '../../warehouse/duckdb/open-duckdb-warehouse.ts';
import { loadBatches } from './load-batches.ts';
import { warehouseOptions } from './open-test-warehouse.ts';

const script = join(import.meta.dirname, 'load-and-die.ts');
const batches = 4;

const points: readonly (readonly [string, CrashPoint])[] = [
  ['C04', 'staging'],
  ['C05', 'audited'],
  ['C06', 'before-commit'],
  ['C07', 'after-commit'],
];

const load = async (directory: string): Promise<string> =>
  loadBatches(await openDuckdbWarehouse(warehouseOptions(directory)), batches);

describe('a killed load', () => {
  const root = mkdtempSync(join(tmpdir(), 'phusa-crash-'));
  let undisturbed = '';

  beforeAll(async () => {
    undisturbed = await load(join(root, 'undisturbed'));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const kills = points.flatMap(([id, point]) =>
    [1, 3, batches + 1].map((time) => ({ id, point, time })),
  );
  it.each(kills)(
    '$id killed at $point, passing $time, ends in the same content',
    async ({ point, time }) => {
      const directory = join(root, `${point}-${time}`);
      const killed = await runChild(script, {
        args: [directory, String(batches)],
        crashAt: `${point}:${time}`,
      });
      expect(killed.signal).toBe('SIGKILL');
      expect(killed.stderr).toContain(`crash point ${point}`);
      expect(await load(directory)).toBe(undisturbed);
    },
  );
});
