import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CrashPoint } from '../../core/crash-point.ts';
import { openPostgresWarehouse } from '../../warehouse/postgres/open-postgres-warehouse.ts';
import { runChild } from '../harness/killer.ts';
import { startPostgres, type TestPostgres } from '../harness/postgres.ts';
import { loadBatches } from './load-batches.ts';
import { postgresOptions } from './open-postgres-warehouse.ts';

const script = join(import.meta.dirname, 'load-and-die.ts');
const batches = 3;

const kills: readonly (readonly [string, CrashPoint, number])[] = [
  ['C04', 'staging', 2],
  ['C05', 'audited', 3],
  ['C06', 'before-commit', 1],
  ['C06', 'before-commit', 4],
  ['C07', 'after-commit', 2],
];

describe('a killed load into PostgreSQL', () => {
  const root = mkdtempSync(join(tmpdir(), 'phusa-crash-'));
  let server: TestPostgres;
  let undisturbed = '';
  const load = async (url: string, directory: string): Promise<string> =>
    loadBatches(await openPostgresWarehouse(postgresOptions(url, directory)), batches);

  beforeAll(async () => {
    server = await startPostgres();
    undisturbed = await load(await server.database(), join(root, 'undisturbed'));
  }, 60_000);
  afterAll(async () => {
    await server.stop();
    rmSync(root, { recursive: true, force: true });
  });

  it.each(kills)(
    '%s killed at %s, passing %i, ends in the same content',
    async (_id, point, time) => {
      const url = await server.database();
      const directory = join(root, `${point}-${time}`);
      const killed = await runChild(script, {
        args: [directory, String(batches), url],
        crashAt: `${point}:${time}`,
      });
      expect(killed.signal).toBe('SIGKILL');
      expect(killed.stderr).toContain(`crash point ${point}`);
      expect(await load(url, directory)).toBe(undisturbed);
    },
    60_000,
  );
});
