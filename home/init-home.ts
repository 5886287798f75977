import path from 'node:path';
import { unnamedHome } from '../core/home-profile.ts';
import { readConfiguration, type EnvironmentVariables } from '../core/configuration.ts';
import type { JsonObject } from '../core/json.ts';
import { isHome, makeHome } from './home-directory.ts';
import { addBuiltInTables, builtInSource } from './built-in-tables.ts';
import { createLog } from './log.ts';
import { openHome } from './open-home.ts';
import { addReportSchedules, addSourceSchedule } from './standard-schedules.ts';

/** `phusa init`: makes a home with its reference tables, their nightly reading and report schedules. Says so where there already is one. */
export async function initHome(
  options: { readonly solo: boolean },
  environment: EnvironmentVariables,
): Promise<JsonObject> {
  const configuration = readConfiguration(environment);
  const directory = path.resolve(configuration.home);
  if (isHome(directory)) return { home: directory, made: false };
  await makeHome(directory, new Date());
  const home = await openHome(configuration, { log: createLog('warn'), progress: () => undefined });
  try {
    await home.configure({ ...unnamedHome, solo: options.solo });
    await addBuiltInTables(home);
    await addSourceSchedule(home, builtInSource);
    await addReportSchedules(home);
    return { home: directory, made: true, solo: options.solo, id: home.store.homeId };
  } finally {
    await home.close();
  }
}
