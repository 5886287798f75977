import { parentPort } from 'node:worker_threads';
import type { Failure } from '../../core/errors.ts';
import { failureOf } from '../../core/errors.ts';
import type { ParseOutput, ParseTask } from './parse-task.ts';
import { parse } from './parse-task.ts';

/** What a worker answers to a task. */
export type WorkerAnswer =
  | { readonly kind: 'done'; readonly output: ParseOutput }
  | { readonly kind: 'failed'; readonly failure: Failure };

async function answerTo(task: ParseTask): Promise<WorkerAnswer> {
  try {
    return { kind: 'done', output: await parse(task) };
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error) };
  }
}

/** Runs one task at a time. */
function serve(port: NonNullable<typeof parentPort>): void {
  port.on('message', (task: ParseTask) => {
    void answerTo(task).then((answer) => port.postMessage(answer));
  });
}

if (parentPort) serve(parentPort);
