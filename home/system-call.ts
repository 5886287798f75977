import { localOperator } from '../core/person.ts';
import type { Call } from '../services/port.ts';

/** A call by the home itself: schedules and the demo. */
export function systemCall(options: Partial<Pick<Call, 'progress' | 'signal'>> = {}): Call {
  return {
    person: { ...localOperator, actor: 'system', name: 'system' },
    language: 'vi',
    progress: options.progress ?? (() => undefined),
    signal: options.signal ?? new AbortController().signal,
  };
}
