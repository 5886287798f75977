import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testControlStore } from './control-store-conformance.ts';

let root = '';
let made = 0;

testControlStore({
  name: 'SQLite',
  shared: false,
  start: () => {
    root = mkdtempSync(join(tmpdir(), 'phusa-control-'));
    return Promise.resolve();
  },
  fresh: () => {
    made += 1;
    return Promise.resolve({ kind: 'sqlite', path: join(root, String(made), 'control.sqlite') });
  },
  stop: () => {
    rmSync(root, { recursive: true, force: true });
    return Promise.resolve();
  },
});
