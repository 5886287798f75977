import type { Json } from '../core/json.ts';
import type { ExitCode } from './environment.ts';
import { textAt } from './reading.ts';

/** Exit code of a run: ok and empty 0, partial and held 3, failed and cancelled 1. */
export function exitCodeOfRun(result: Json): ExitCode {
  switch (textAt(result, 'status') ?? '') {
    case 'ok':
    case 'empty':
      return 0;
    case 'partial':
    case 'held':
      return 3;
    default:
      return 1;
  }
}
