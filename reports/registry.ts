import { administrativeProcedures } from './administrative-procedures/report.ts';
import { epidemicBulletin } from './epidemic-bulletin/report.ts';
import type { Report } from './report.ts';

/** Every report. */
export const reports: readonly Report[] = [administrativeProcedures, epidemicBulletin];
