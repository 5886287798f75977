import { fileURLToPath } from 'node:url';
import type { JsonObject } from '../core/json.ts';
import { effortOf, type Effort } from './effort.ts';

/** Names of the pieces of work that run in a Node process of their own. */
export type TaskName =
  | 'write-dossiers'
  | 'load-dossiers'
  | 'merge-lean'
  | 'read-table'
  | 'write-invoices'
  | 'load-invoices'
  | 'parse-saxes'
  | 'orchestrate'
  | 'load-records'
  | 'fetch-records'
  | 'read-records'
  | 'serve-records';

/** Runs a task in a process of its own, so that its memory is its own. */
export async function runTask(name: TaskName, input: JsonObject): Promise<Effort> {
  const [program, ...words] = taskCommand(name, input);
  return await effortOf(program, words);
}

/** The command that runs a task. */
export function taskCommand(
  name: TaskName,
  input: JsonObject,
): readonly [program: string, ...words: readonly string[]] {
  const script = fileURLToPath(new URL('./run-task.js', import.meta.url));
  return [process.execPath, script, name, JSON.stringify(input)];
}
