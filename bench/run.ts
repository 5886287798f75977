import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { dossierJob } from './dossiers/job.ts';
import { einvoiceJob } from './einvoices/job.ts';
import { pagedApiJob } from './paged-api/job.ts';
import { orchestrationJob } from './orchestration/job.ts';
import { isMet } from './goal.ts';
import type { Job, JobReport } from './job.ts';
import { preparePeers } from './peers.ts';
import { reportText } from './report.ts';

const jobs = {
  A: dossierJob,
  B: einvoiceJob,
  C: pagedApiJob,
  G: orchestrationJob,
} satisfies Readonly<Record<string, Job>>;

const jobNames = z.array(
  z
    .string()
    .toUpperCase()
    .pipe(z.enum(['A', 'B', 'C', 'G'])),
);
const count = z.coerce.number().int().positive();

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rows: { type: 'string' },
    invoices: { type: 'string' },
    records: { type: 'string' },
    activities: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
});

const chosen = jobNames.parse(positionals.length > 0 ? positionals : Object.keys(jobs));
const temporary = await mkdtemp(join(tmpdir(), 'phusa-bench-'));
const say = (line: string): void => void process.stderr.write(`${line}\n`);
try {
  const reports = await runJobs();
  if (values.json) process.stdout.write(`${JSON.stringify(asJson(reports), null, 2)}\n`);
  else process.stdout.write(`${machineText()}\n\n${reports.map(reportText).join('\n')}`);
} finally {
  await rm(temporary, { recursive: true, force: true });
}

async function runJobs(): Promise<readonly JobReport[]> {
  const sizes = {
    A: size(values.rows),
    B: size(values.invoices),
    C: size(values.records),
    G: size(values.activities),
  };
  const rounds = count.parse(values.rounds);
  const peers = await preparePeers();
  const reports: JobReport[] = [];
  for (const name of chosen)
    reports.push(await jobs[name]({ size: sizes[name], rounds, temporary, peers, say }));
  return reports;
}

function asJson(reports: readonly JobReport[]) {
  const judged = reports.map((report) => ({
    ...report,
    goals: report.goals.map((goal) => ({ ...goal, met: isMet(goal) })),
  }));
  return { machine: machineText(), jobs: judged };
}

function machineText(): string {
  const load = loadavg()
    .map((value) => value.toFixed(1))
    .join(' ');
  const memory = (totalmem() / 1e9).toFixed(0);
  return `${availableParallelism()} cores, ${memory} GB, Node ${process.versions.node}, load average ${load}`;
}

function size(text: string | undefined): number | undefined {
  return count.optional().parse(text);
}
