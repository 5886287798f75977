import { z } from 'zod';
import { loadDossiers } from './dossiers/load-dossiers.ts';
import { mergeLean } from './dossiers/merge-lean.ts';
import { readTable } from './dossiers/read-table.ts';
import { writeDossiers } from './dossiers/write-dossiers.ts';
import { timed, type Effort } from './effort.ts';
import { loadInvoices } from './einvoices/load-invoices.ts';
import { parseSaxes } from './einvoices/parse-saxes.ts';
import { writeInvoices } from './einvoices/write-invoices.ts';
import { orchestrate } from './orchestration/orchestrate.ts';
import { fetchRecords } from './paged-api/fetch-records.ts';
import { loadRecords } from './paged-api/load-records.ts';
import { readRecords } from './paged-api/read-records.ts';
import { serveUntilEnd } from './paged-api/serve-records.ts';
import type { TaskName } from './task.ts';

const tasks = {
  'write-dossiers': (input) => timed(() => writeDossiers(input)),
  'load-dossiers': loadDossiers,
  'merge-lean': (input) => timed(() => mergeLean(input)),
  'read-table': (input) => timed(() => readTable(input)),
  'write-invoices': (input) => timed(() => writeInvoices(input)),
  'load-invoices': loadInvoices,
  'parse-saxes': parseSaxes,
  orchestrate,
  'load-records': loadRecords,
  'fetch-records': (input) => timed(() => fetchRecords(input)),
  'read-records': (input) => timed(() => readRecords(input)),
  'serve-records': (input) => timed(() => serveUntilEnd(input)),
} satisfies Readonly<Record<TaskName, (input: unknown) => Promise<Effort>>>;

const names = z.enum([
  'write-dossiers',
  'load-dossiers',
  'merge-lean',
  'read-table',
  'write-invoices',
  'load-invoices',
  'parse-saxes',
  'orchestrate',
  'load-records',
  'fetch-records',
  'read-records',
  'serve-records',
]);

const [name, input = '{}'] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(await tasks[names.parse(name)](JSON.parse(input)))}\n`);
