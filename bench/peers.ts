import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { JsonObject } from '../core/json.ts';
import { packageRoot } from '../home/package-root.ts';
import { effortOf, type Effort } from './effort.ts';

/** Versions measured against; DuckDB is the one that the warehouse runs. */
const pins = ['dlt[duckdb]==1.31.0', 'duckdb==1.5.5', 'pyarrow==26.0.1', 'lxml==6.1.3'];

const installMs = 600_000;

/** The Python contenders, or why there are none. */
export type Peers =
  | { readonly missing: string }
  | { readonly run: (script: string, input: JsonObject) => Promise<Effort> };

/** Makes a virtual environment with the pinned peers under the system's temporary directory, once. */
export async function preparePeers(): Promise<Peers> {
  const hash = createHash('sha256').update(pins.join('\n')).digest('hex').slice(0, 12);
  const directory = join(tmpdir(), `phusa-bench-peers-${hash}`);
  const python = join(directory, 'bin', 'python');
  try {
    if (!existsSync(join(directory, 'ready'))) await install(directory, python);
    return { run: (script, input) => runScript(python, script, input) };
  } catch (error) {
    return { missing: String(error).split('\n').slice(0, 3).join(' ') };
  }
}

async function install(directory: string, python: string): Promise<void> {
  const run = promisify(execFile);
  await run('python3', ['-m', 'venv', directory], { timeout: installMs });
  await run(python, ['-m', 'pip', 'install', '--quiet', ...pins], { timeout: installMs });
  await writeFile(join(directory, 'ready'), pins.join('\n'));
}

async function runScript(python: string, script: string, input: JsonObject): Promise<Effort> {
  const path = join(packageRoot(), 'bench', 'peers', script);
  return await effortOf(python, [path, JSON.stringify(input)], {
    RUNTIME__DLTHUB_TELEMETRY: 'false',
    RUNTIME__LOG_LEVEL: 'ERROR',
    PYTHONDONTWRITEBYTECODE: '1',
  });
}
