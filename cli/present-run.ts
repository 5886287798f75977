import type { Json } from '../core/json.ts';
import type { ExitCode } from './environment.ts';
import { presentItems } from './present.ts';
import { member, textAt } from './reading.ts';
import { exitCodeOfRun } from './run-status.ts';
import type { Shell } from './shell.ts';

/** Shows what a run came to, by stream; gives its exit code. */
export function showRun(shell: Shell, result: Json): ExitCode {
  shell.show(result, () => {
    const status = `${textAt(result, 'source') ?? ''}: ${textAt(result, 'status') ?? ''}`;
    const columns = [
      'stream',
      'received',
      'new',
      'changed',
      'unchanged',
      'duplicate',
      'filtered',
      'quarantined',
      'deleted',
      'status',
      'reason',
    ];
    return `${status}\n\n${presentItems(member(result, 'streams') ?? [], shell.language, columns)}`;
  });
  return exitCodeOfRun(result);
}
