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
]);

const [name, input = '{}'] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(await tasks[names.parse(name)](JSON.parse(input)))}\n`);
