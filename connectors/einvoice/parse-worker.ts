import { parentPort } from 'node:worker_threads';
import type { Failure } from '../../core/errors.ts';
import { failureOf } from '../../core/errors.ts';
import type { ParseOutput, ParseTask } from './parse-task.ts';
import { parse } from './parse-task.ts';

/** What a worker says: some output and waits for a word, the end, or why it failed. */
export type WorkerMessage =
  | { readonly kind: 'output'; readonly output: ParseOutput }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** What a worker is told: a task, or to go on after an output was taken. */
export type WorkerOrder =
  { readonly kind: 'task'; readonly task: ParseTask } | { readonly kind: 'continue' };

/** Runs one task at a time; after each output waits until it was taken, so that at most one is under way. */
function serve(port: NonNullable<typeof parentPort>): void {
  let goOn: () => void = () => undefined;
  const tell = (message: WorkerMessage): void => port.postMessage(message);
  const run = async (task: ParseTask): Promise<void> => {
    try {
      for await (const output of parse(task)) {
        const taken = new Promise<void>((resolve) => (goOn = resolve));
        tell({ kind: 'output', output });
        await taken;
      }
      tell({ kind: 'done' });
    } catch (error) {
      tell({ kind: 'failed', failure: failureOf(error) });
    }
  };
  port.on('message', (order: WorkerOrder) => {
    if (order.kind === 'task') void run(order.task);
    else goOn();
  });
}

if (parentPort) serve(parentPort);
