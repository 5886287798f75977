import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { compete, type Contender, type Figure } from '../contender.ts';
import type { Effort } from '../effort.ts';
import { figureOf, timeRatio, type Goal } from '../goal.ts';
import type { JobOptions, JobReport } from '../job.ts';
import type { Peers } from '../peers.ts';
import { runTask, taskCommand } from '../task.ts';

const usualRecords = 1_000_000;
const pageSize = 1_000;
const peakLimit = 450e6;

const fetchAndParse = 'fetch + JSON.parse';
const dltRest = 'dlt REST source';

/** A service that runs beside the contenders. */
interface Service {
  readonly url: string;
  close(): void;
}

/** Job C: a paged JSON API into a typed table; and a tenth of it, for the slow peer and for growth. */
export async function pagedApiJob(options: JobOptions): Promise<JobReport> {
  const { size: records = usualRecords, temporary, rounds, peers, say } = options;
  const [whole, tenth] = await Promise.all([serve(records), serve(records / 10)]);
  try {
    const contenders = [parse(whole), ours(whole, tenth), ...dlt(tenth, peers, say)];
    const figures = await compete(contenders, rounds, temporary, say);
    const title = `paged JSON API, ${pageSize} records a page → typed table (C/10: a tenth of it)`;
    const amountOf = { 'C/10': records / 10 };
    const goals = goalsOf(figures);
    return { job: 'C', title, unit: 'records', amount: records, amountOf, figures, goals };
  } finally {
    whole.close();
    tenth.close();
  }
}

async function serve(records: number): Promise<Service> {
  const [program, ...words] = taskCommand('serve-records', { records, pageSize });
  const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [url] = z.tuple([z.string()]).parse(await once(createInterface(child.stdout), 'line'));
  return { url, close: () => child.stdin.end() };
}

function parse({ url }: Service): Contender {
  return {
    name: fetchAndParse,
    run: async () => ({ C: await runTask('fetch-records', { url, pageSize }) }),
  };
}

function ours(whole: Service, tenth: Service): Contender {
  const load = async (home: string, { url }: Service) =>
    await checked(runTask('load-records', { home, url, pageSize }), {
      database: join(home, 'warehouse.duckdb'),
      table: 'staging.bench_record',
    });
  return {
    name: 'ours',
    run: async (directory) => ({
      'C/10': await load(join(directory, 'tenth'), tenth),
      C: await load(join(directory, 'whole'), whole),
    }),
  };
}

function dlt({ url }: Service, peers: Peers, say: JobOptions['say']): readonly Contender[] {
  if ('missing' in peers) {
    say(`dlt is skipped: ${peers.missing}`);
    return [];
  }
  const run: Contender['run'] = async (directory) => {
    const database = join(directory, 'dlt.duckdb');
    const work = peers.run('dlt_rest.py', { directory, database, url, pageSize });
    return { 'C/10': await checked(work, { database, table: 'city.record' }) };
  };
  return [{ name: dltRest, run }];
}

/** An effort with what its table holds; reading the table is not part of the effort. */
async function checked(
  work: Promise<Effort>,
  result: { readonly database: string; readonly table: string },
): Promise<Effort> {
  const effort = await work;
  const { facts } = await runTask('read-records', result);
  return { ...effort, facts };
}

function goalsOf(figures: readonly Figure[]): readonly Goal[] {
  const whole = figureOf(figures, 'C', 'ours');
  const tenth = figureOf(figures, 'C/10', 'ours');
  const growth = whole && tenth && whole.peakBytes / tenth.peakBytes;
  return [
    {
      what: 'rate ÷ fetch + JSON.parse alone',
      least: 0.8,
      value: timeRatio(figureOf(figures, 'C', fetchAndParse), whole),
      digits: 2,
    },
    {
      what: 'rate ÷ dlt REST, a tenth of the records',
      least: 30,
      value: timeRatio(figureOf(figures, 'C/10', dltRest), tenth),
      digits: 1,
    },
    {
      what: 'peak memory, MB',
      most: peakLimit / 1e6,
      value: whole && whole.peakBytes / 1e6,
      digits: 0,
    },
    {
      what: 'time of 10 × records ÷ of a tenth',
      most: 11,
      value: timeRatio(whole, tenth),
      digits: 1,
    },
    { what: 'memory of 10 × records ÷ of a tenth', most: 1.5, value: growth, digits: 2 },
  ];
}
