import type { Operation } from './operation.ts';
import { assetOperations } from './operations/assets.ts';
import { batchOperations } from './operations/batches.ts';
import { connectorOperations } from './operations/connectors.ts';
import { extractOperations } from './operations/extracts.ts';
import { homeOperations } from './operations/home.ts';
import { inboxOperations } from './operations/inbox.ts';
import { indicatorOperations } from './operations/indicators.ts';
import { journalOperations } from './operations/journal.ts';
import { peopleOperations } from './operations/people.ts';
import { reportOperations } from './operations/reports.ts';
import { scheduleOperations } from './operations/schedules.ts';
import { sourceOperations } from './operations/sources.ts';
import { traceOperations } from './operations/trace.ts';

/** Every operation of the API under `/api/v1`. */
export const operationTable: readonly Operation[] = [
  ...homeOperations,
  ...connectorOperations,
  ...sourceOperations,
  ...inboxOperations,
  ...batchOperations,
  ...assetOperations,
  ...indicatorOperations,
  ...reportOperations,
  ...scheduleOperations,
  ...extractOperations,
  ...traceOperations,
  ...journalOperations,
  ...peopleOperations,
];
