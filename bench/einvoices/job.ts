import { join } from 'node:path';
import { compete, type Contender, type Figure } from '../contender.ts';
import { figureOf, timeRatio } from '../goal.ts';
import type { JobOptions, JobReport } from '../job.ts';
import type { Peers } from '../peers.ts';
import { runTask } from '../task.ts';

const usualInvoices = 20_000;
const perZip = 1_000;
const linesEach = 10;
const lxmlLines = 'lxml, lines (parse only)';

/** Job B: e-invoices in zips into typed tables, against parsers that only parse texts in memory. */
export async function einvoiceJob(options: JobOptions): Promise<JobReport> {
  const { size: invoices = usualInvoices, temporary, rounds, peers, say } = options;
  const directory = join(temporary, 'invoices');
  await runTask('write-invoices', { directory, invoices, perZip });
  const contenders = [ours(directory), saxes(directory), ...lxml(directory, peers, say)];
  const figures = await compete(contenders, rounds, temporary, say);
  return {
    job: 'B',
    title: 'e-invoices of 10 lines in zips of 1,000 → typed tables (peers: parse only, in memory)',
    unit: 'lines',
    amount: invoices * linesEach,
    figures,
    goals: [
      {
        what: 'rate ÷ lxml, lines (parse only)',
        least: 1.5,
        value: rateRatio(figures, lxmlLines),
        digits: 2,
      },
    ],
  };
}

function ours(directory: string): Contender {
  return {
    name: 'ours',
    run: async (home) => ({ B: await runTask('load-invoices', { home, directory }) }),
  };
}

function saxes(directory: string): Contender {
  return {
    name: 'saxes, lines (parse only)',
    run: async () => ({ B: await runTask('parse-saxes', { directory }) }),
  };
}

function lxml(directory: string, peers: Peers, say: JobOptions['say']): readonly Contender[] {
  if ('missing' in peers) {
    say(`lxml is skipped: ${peers.missing}`);
    return [];
  }
  const parse = (depth: 'lines' | 'tree') => async () => ({
    B: await peers.run('lxml_parse.py', { directory, depth }),
  });
  return [
    { name: lxmlLines, run: parse('lines') },
    { name: 'lxml, tree (parse only)', run: parse('tree') },
  ];
}

function rateRatio(figures: readonly Figure[], peer: string): number | undefined {
  return timeRatio(figureOf(figures, 'B', peer), figureOf(figures, 'B', 'ours'));
}
