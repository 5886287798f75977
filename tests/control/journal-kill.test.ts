import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openControlStore } from '../../control/store.ts';
import { runChild } from '../harness/killer.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'phusa-journal-kill-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

it('J19 killed at any moment: the chain holds and nothing acknowledged is lost', async () => {
  const child = join(import.meta.dirname, 'journal-child.ts');
  let acknowledged = 0;
  for (const killAfterMs of [40, 90, 170]) {
    const exit = await runChild(child, { args: [root], killAfterMs, killFrom: 'output' });
    expect(exit).toMatchObject({ signal: 'SIGKILL' });
    acknowledged += exit.stdout.split('\n').length - 1;
    const store = await openControlStore({
      database: { kind: 'sqlite', path: join(root, 'control.sqlite') },
      clock: { now: () => new Date() },
    });
    const verdict = await store.verify();
    expect(verdict.problems).toEqual([]);
    expect(verdict.entries - 1).toBeGreaterThanOrEqual(acknowledged);
    acknowledged = verdict.entries - 1;
    await store.close();
  }
  expect(acknowledged).toBeGreaterThan(0);
});
