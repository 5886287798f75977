import { compete, type Contender } from '../contender.ts';
import { figureOf, timeRatio, type Goal } from '../goal.ts';
import type { JobOptions, JobReport } from '../job.ts';
import { runTask } from '../task.ts';
import { benchServer } from './orchestrate.ts';

const usualSteps = 200;

/** Job G: a graph of assets that take no time: what a host costs by itself. */
export async function orchestrationJob(options: JobOptions): Promise<JobReport> {
  const { size: steps = usualSteps, temporary, rounds, say } = options;
  const server = await benchServer();
  if (!server) say('Temporal is skipped: there is no temporal program');
  const contender = (name: string, host: string): Contender => ({
    name,
    run: async () => ({
      G: await runTask('orchestrate', { host, steps, address: server?.address ?? '' }),
    }),
  });
  const contenders = [
    contender('embedded host', 'embedded'),
    ...(server
      ? [contender('Temporal host', 'temporal'), contender('plain Temporal sample', 'plain')]
      : []),
  ];
  try {
    const figures = await compete(contenders, rounds, temporary, say);
    const of = (name: string) => figureOf(figures, 'G', name);
    const embedded = of('embedded host');
    const goals: readonly Goal[] = [
      {
        what: 'G embedded, ms per asset',
        most: 1,
        value: embedded && (1000 * embedded.seconds) / steps,
        digits: 3,
      },
      {
        what: 'G Temporal host ÷ plain sample',
        most: 1.15,
        value: timeRatio(of('Temporal host'), of('plain Temporal sample')),
        digits: 2,
      },
    ];
    const title = 'activities that take no time, one after the other: the cost of a host';
    return { job: 'G', title, unit: 'activities', amount: steps, figures, goals };
  } finally {
    server?.close();
  }
}
