import { Worker } from 'node:worker_threads';
import type { Failure } from '../../core/errors.ts';
import { PhusaError } from '../../core/errors.ts';
import type { ParseOutput, ParseTask } from './parse-task.ts';
import { parse } from './parse-task.ts';
import type { WorkerMessage, WorkerOrder } from './parse-worker.ts';

/** Takes each output of a task; the parser waits meanwhile. */
export type OutputTaker = (output: ParseOutput) => Promise<void>;

/** Where tasks are parsed. Resolves when every output was taken; rejects with the task's error. */
export interface Parsers {
  /** Tasks that can run at once. */
  readonly width: number;
  run(task: ParseTask, take: OutputTaker): Promise<void>;
}

/** Parses on the calling thread: for small batches and for sources that are not compiled. */
export const ownThread: Parsers = {
  width: 1,
  run: async (task, take) => {
    for await (const output of parse(task)) await take(output);
  },
};

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
    run: async (task, take) => {
      const worker = await acquire();
      let usable = false;
      try {
        const failure = await runOn(worker, task, take);
        usable = true;
        if (failure) throw raised(failure);
      } finally {
        if (!usable) await worker.terminate();
        release(worker, usable);
      }
    },
  };
}

interface IdleWorker {
  readonly worker: Worker;
  readonly timer: NodeJS.Timeout;
}

function asleep(worker: Worker, idle: IdleWorker[]): IdleWorker {
  worker.unref();
  const timer = setTimeout(() => {
    idle.splice(
      idle.findIndex((one) => one.worker === worker),
      1,
    );
    void worker.terminate();
  }, idleMs);
  timer.unref();
  return { worker, timer };
}

function awake(sleeping: IdleWorker | undefined): Worker | undefined {
  if (sleeping) clearTimeout(sleeping.timer);
  return sleeping?.worker;
}

/** Runs one task and gives the failure it reports, after which the worker can take another; else rejects. */
function runOn(worker: Worker, task: ParseTask, take: OutputTaker): Promise<Failure | undefined> {
  worker.ref();
  return new Promise<Failure | undefined>((resolve, reject) => {
    const order = (given: WorkerOrder): void => worker.postMessage(given);
    const finish = (settle: () => void): void => {
      worker.off('message', hear).off('error', fail).off('exit', gone);
      settle();
    };
    const fail = (error: unknown): void => finish(() => reject(asError(error)));
    const gone = (code: number): void => fail(new Error(`parser thread ended with ${code}`));
    const hear = (message: WorkerMessage): void => {
      if (message.kind === 'done') finish(() => resolve(undefined));
      else if (message.kind === 'failed') finish(() => resolve(message.failure));
      else take(message.output).then(() => order({ kind: 'continue' }), fail);
    };
    worker.on('message', hear).on('error', fail).on('exit', gone);
    order({ kind: 'task', task });
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
