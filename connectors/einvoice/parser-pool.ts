import { Worker } from 'node:worker_threads';
import type { Failure } from '../../core/errors.ts';
import { PhusaError } from '../../core/errors.ts';
import type { ParseOutput, ParseTask } from './parse-task.ts';
import { parse } from './parse-task.ts';
import type { WorkerAnswer } from './parse-worker.ts';

/** Where tasks are parsed. Rejects with the task's error. */
export interface Parsers {
  /** Tasks that can run at once. */
  readonly width: number;
  run(task: ParseTask): Promise<ParseOutput>;
  /** Says that tasks will come soon: threads start meanwhile. */
  expect(): void;
}

/** Parses on the calling thread: for small batches and for sources that are not compiled. */
export const ownThread: Parsers = { width: 1, run: parse, expect: () => undefined };

/** Heap of one worker thread, in MB: a document that needs more fails alone. */
const heapMb = 512;
/** Idle time after which worker threads end, in ms. */
const idleMs = 10_000;

/**
 * Parses on up to `width` worker threads, started when first needed and ended when idle; they never keep the process
 * alive. Each task runs on one of them.
 * @param entry - the module `parse-worker`, compiled
 * @param execArgv - options of the threads' Node, e.g. a loader for sources that are not compiled
 */
export function workerParsers(
  width: number,
  entry: URL,
  execArgv: readonly string[] = [],
): Parsers {
  const started = (): Worker => {
    const worker = new Worker(entry, {
      execArgv: [...execArgv],
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
    });
    worker.unref();
    return worker;
  };
  const idle: IdleWorker[] = [];
  const waiting: ((worker: Worker) => void)[] = [];
  let busy = 0;
  const acquire = (): Promise<Worker> | Worker => {
    if (busy >= width) return new Promise((resolve) => waiting.push(resolve));
    busy += 1;
    return awake(idle.pop()) ?? started();
  };
  const release = (worker: Worker, usable: boolean): void => {
    const next = waiting.shift();
    if (next) next(usable ? worker : started());
    else {
      busy -= 1;
      if (usable) idle.push(asleep(worker, idle));
    }
  };
  return {
    width,
    run: async (task) => {
      const worker = await acquire();
      let usable = false;
      try {
        const answer = await runOn(worker, task);
        usable = true;
        if (answer.kind === 'failed') throw raised(answer.failure);
        return answer.output;
      } finally {
        if (!usable) await worker.terminate();
        release(worker, usable);
      }
    },
    expect: () => {
      while (busy + idle.length < width) idle.push(asleep(started(), idle));
    },
  };
}

interface IdleWorker {
  readonly worker: Worker;
  readonly timer: NodeJS.Timeout;
  /** Takes it out of the list. */
  readonly leave: () => void;
}

function asleep(worker: Worker, idle: IdleWorker[]): IdleWorker {
  worker.unref();
  const leave = (): void => {
    clearTimeout(timer);
    const at = idle.findIndex((one) => one.worker === worker);
    if (at >= 0) idle.splice(at, 1);
  };
  const timer = setTimeout(() => {
    leave();
    void worker.terminate();
  }, idleMs);
  timer.unref();
  // One that ends by itself, e.g. for want of memory, is not there to be woken.
  worker.on('error', leave).on('exit', leave);
  return { worker, timer, leave };
}

function awake(sleeping: IdleWorker | undefined): Worker | undefined {
  if (sleeping === undefined) return undefined;
  const { worker, timer, leave } = sleeping;
  clearTimeout(timer);
  return worker.off('error', leave).off('exit', leave);
}

/** Runs one task; after its answer the worker can take another. Rejects when the worker itself is gone. */
function runOn(worker: Worker, task: ParseTask): Promise<WorkerAnswer> {
  worker.ref();
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void): void => {
      worker.off('message', hear).off('error', fail).off('exit', gone);
      settle();
    };
    const fail = (error: unknown): void => finish(() => reject(asError(error)));
    const gone = (code: number): void => fail(new Error(`parser thread ended with ${code}`));
    const hear = (answer: WorkerAnswer): void => finish(() => resolve(answer));
    worker.on('message', hear).on('error', fail).on('exit', gone);
    worker.postMessage(task);
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function raised(failure: Failure): PhusaError {
  const { group, code, message, remedy, place } = failure;
  return new PhusaError({
    group,
    code,
    message,
    ...(remedy ? { remedy } : {}),
    ...(place ? { place } : {}),
  });
}
