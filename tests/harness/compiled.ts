import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const compiled = path.join(root, 'dist/main.js');
const notCompiled = new Set(['node_modules', 'dist', 'tests', 'portal', 'docs', 'coverage']);

/**
 * Vitest global setup: tests that start the real command need it compiled, as `npm install` does. Compiles again only
 * when a source is newer.
 */
export function setup(): void {
  if (existsSync(compiled) && newestSource(root) <= statSync(compiled).mtimeMs) return;
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  const bundle = path.join(root, 'dist/workflows/temporal/bundle-workflows.js');
  for (const words of [[tsc, '-p', 'tsconfig.build.json'], [bundle]])
    execFileSync(process.execPath, words, { cwd: root, stdio: 'inherit' });
}

function newestSource(directory: string): number {
  const times = readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || notCompiled.has(entry.name)) return [];
    const file = path.join(directory, entry.name);
    if (entry.isDirectory()) return [newestSource(file)];
    return entry.name.endsWith('.ts') ? [statSync(file).mtimeMs] : [];
  });
  return Math.max(0, ...times);
}
