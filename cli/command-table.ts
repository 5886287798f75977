import type { CommandSpec } from './command-spec.ts';
import { assetCommands } from './commands/assets.ts';
import { connectorCommands } from './commands/connectors.ts';
import { extractCommands } from './commands/extracts.ts';
import { homeCommands } from './commands/home.ts';
import { indicatorCommands } from './commands/indicators.ts';
import { ingestCommands } from './commands/ingest.ts';
import { peopleCommands } from './commands/people.ts';
import { reportCommands } from './commands/reports.ts';
import { scheduleCommands } from './commands/schedules.ts';
import { sourceCommands } from './commands/sources.ts';
import { traceCommands } from './commands/trace.ts';

/** Every command that talks to the API. */
export const commandTable: readonly CommandSpec[] = [
  ...homeCommands,
  ...connectorCommands,
  ...sourceCommands,
  ...ingestCommands,
  ...assetCommands,
  ...indicatorCommands,
  ...reportCommands,
  ...scheduleCommands,
  ...extractCommands,
  ...traceCommands,
  ...peopleCommands,
];
