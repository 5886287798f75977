import { join } from 'node:path';
import { compete, type Contender, type Figure } from '../contender.ts';
import type { Effort } from '../effort.ts';
import { figureOf, timeRatio, type Goal } from '../goal.ts';
import type { JobOptions, JobReport } from '../job.ts';
import type { Peers } from '../peers.ts';
import { runTask } from '../task.ts';

const usualRows = 5_000_000;
const peakLimit = 2e9;

interface Files {
  readonly first: string;
  readonly second: string;
}

/** Job A: dossiers as CSV into a typed, deduplicated table; then the same again with 1 % changed. */
export async function dossierJob(options: JobOptions): Promise<JobReport> {
  const { size: rows = usualRows, temporary, rounds, peers, say } = options;
  const files = { first: join(temporary, 'first.csv'), second: join(temporary, 'second.csv') };
  await runTask('write-dossiers', { rows, ...files });
  const contenders = [ours(files), lean(files), ...dlt(files, peers, say)];
  const figures = await compete(contenders, rounds, temporary, say);
  return {
    job: 'A',
    title:
      'dossiers of 12 columns, CSV → typed, deduplicated table (A1 first load, A2 1 % changed)',
    unit: 'rows',
    amount: rows,
    figures,
    goals: goalsOf(figures),
  };
}

function ours({ first, second }: Files): Contender {
  return {
    name: 'ours',
    run: async (home) => {
      const result = { database: join(home, 'warehouse.duckdb'), table: 'staging.bench_dossier' };
      const a1 = await checked(runTask('load-dossiers', { home, file: first }), result);
      const a2 = await checked(runTask('load-dossiers', { home, file: second }), result);
      return { A1: a1, A2: a2 };
    },
  };
}

function lean({ first: file }: Files): Contender {
  return {
    name: 'lean SQL merge',
    run: async (directory) => {
      const database = join(directory, 'lean.duckdb');
      const work = runTask('merge-lean', { database, file, spill: join(directory, 'spill') });
      return { A1: await checked(work, { database, table: 'dossier' }) };
    },
  };
}

function dlt({ first, second }: Files, peers: Peers, say: JobOptions['say']): readonly Contender[] {
  if ('missing' in peers) {
    say(`dlt is skipped: ${peers.missing}`);
    return [];
  }
  const run: Contender['run'] = async (directory) => {
    const database = join(directory, 'dlt.duckdb');
    const load = (file: string) =>
      checked(peers.run('dlt_merge.py', { directory, database, file }), {
        database,
        table: 'city.dossier',
      });
    return { A1: await load(first), A2: await load(second) };
  };
  return [{ name: 'dlt (Arrow, merge)', run }];
}

/** An effort with what its table holds; reading the table is not part of the effort. */
async function checked(
  work: Promise<Effort>,
  result: { readonly database: string; readonly table: string },
): Promise<Effort> {
  const effort = await work;
  const { facts } = await runTask('read-table', result);
  return { ...effort, facts };
}

function goalsOf(figures: readonly Figure[]): readonly Goal[] {
  const of = (phase: string, contender: string) => figureOf(figures, phase, contender);
  const first = of('A1', 'ours');
  const second = of('A2', 'ours');
  const ratio = (what: string, most: number, value: number | undefined) =>
    ({ what, most, value, digits: 2 }) satisfies Goal;
  return [
    ratio('A1 time ÷ dlt', 0.75, timeRatio(first, of('A1', 'dlt (Arrow, merge)'))),
    ratio('A1 time ÷ lean SQL merge', 1.6, timeRatio(first, of('A1', 'lean SQL merge'))),
    ratio('A2 time ÷ own A1', 0.35, timeRatio(second, first)),
    ratio('A2 time ÷ dlt', 0.4, timeRatio(second, of('A2', 'dlt (Arrow, merge)'))),
    peak('A1', first),
    peak('A2', second),
  ];
}

function peak(phase: string, figure: Figure | undefined): Goal {
  const value = figure && figure.peakBytes / 1e9;
  return { what: `${phase} peak memory, GB`, most: peakLimit / 1e9, value, digits: 2 };
}
