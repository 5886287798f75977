import type { MaintenanceTask } from '../cli/environment.ts';
import { assertNever } from '../core/assert-never.ts';
import { readConfiguration, type EnvironmentVariables } from '../core/configuration.ts';
import type { JsonObject } from '../core/json.ts';
import type { Progress } from '../core/progress.ts';
import { backupHome } from './backup-home.ts';
import { rebuildHome } from './rebuild-home.ts';
import { restoreHome } from './restore-home.ts';

/** `phusa backup`, `restore`, `rebuild`. Throws fatal `home-in-use` while a server runs on the home. */
export async function maintainHome(
  task: MaintenanceTask,
  environment: EnvironmentVariables,
  progress: Progress,
): Promise<JsonObject> {
  const configuration = readConfiguration(environment);
  switch (task.kind) {
    case 'backup':
      return await backupHome(task.file, configuration, progress);
    case 'restore':
      return await restoreHome(task.file, configuration, progress);
    case 'rebuild':
      return await rebuildHome(task, configuration, progress);
    default:
      return assertNever(task);
  }
}
