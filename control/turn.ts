import { AsyncLocalStorage } from 'node:async_hooks';
import { PhusaError } from '../core/errors.ts';

/** Lets one piece of work run at a time, in the order of asking. */
export class Turn {
  private last: Promise<unknown> = Promise.resolve();
  private readonly inside = new AsyncLocalStorage<boolean>();

  /** Runs `work` when all asked before it is done. Throws fatal `decide-nested` from inside a turn: it would wait for itself. */
  take<T>(work: () => Promise<T>): Promise<T> {
    if (this.inside.getStore() === true) return Promise.reject(nested());
    const turn = this.last.then(() => this.inside.run(true, work));
    this.last = turn.catch(() => undefined);
    return turn;
  }
}

function nested(): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'decide-nested',
    message: {
      vi: 'Một quyết định không thể mở quyết định khác bên trong nó.',
      en: 'A decision cannot open another decision inside it.',
    },
    remedy: {
      vi: 'Dùng bộ ghi nhật ký của quyết định đang mở.',
      en: 'Use the journal writer of the decision that is open.',
    },
  });
}
