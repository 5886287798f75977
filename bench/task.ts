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
  | 'orchestrate';

/** Runs a task in a process of its own, so that its memory is its own. */
export async function runTask(name: TaskName, input: JsonObject): Promise<Effort> {
  const script = fileURLToPath(new URL('./run-task.js', import.meta.url));
  return await effortOf(process.execPath, [script, name, JSON.stringify(input)]);
}
