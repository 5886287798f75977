import type { ActivityFactory } from './embedded/host.ts';
import type { Activities } from './pipelines.ts';
import type { Runner } from './runner.ts';

/** Counts what a host runs, for both hosts alike. */
export interface RunMetrics {
  activities(factory: ActivityFactory): ActivityFactory;
  runner(runner: Runner): Runner;
  /** Prometheus text. */
  text(): string;
}

interface Tally {
  readonly what: string;
  readonly name: string;
  readonly outcome: 'ok' | 'failed';
  count: number;
  seconds: number;
}

type AnyActivity = (input?: unknown) => Promise<unknown>;

/** Counters of one process, labelled with its host. */
export function runMetrics(host: 'embedded' | 'temporal'): RunMetrics {
  const tallies = new Map<string, Tally>();
  const note = (what: string, name: string, outcome: Tally['outcome'], seconds: number): void => {
    const key = `${what} ${name} ${outcome}`;
    const tally = tallies.get(key) ?? { what, name, outcome, count: 0, seconds: 0 };
    tally.count += 1;
    tally.seconds += seconds;
    tallies.set(key, tally);
  };
  const timed = async <T>(what: string, name: string, work: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    const since = () => (performance.now() - start) / 1000;
    try {
      const result = await work();
      note(what, name, 'ok', since());
      return result;
    } catch (error) {
      note(what, name, 'failed', since());
      throw error;
    }
  };
  return {
    activities: (factory) => (run) => {
      const own = Object.entries(factory(run)).map(([name, activity]): [string, AnyActivity] => {
        const perform = activity as AnyActivity;
        return [name, (input) => timed('activity', name, () => perform(input))];
      });
      return Object.fromEntries(own) as unknown as Activities;
    },
    runner: (runner) => ({
      run: (name, input, options) =>
        timed('pipeline', name, () => runner.run(name, input, options)),
    }),
    text: () => [...tallies.values()].flatMap((tally) => linesOf(host, tally)).join(''),
  };
}

function linesOf(host: string, { what, name, outcome, count, seconds }: Tally): readonly string[] {
  const labels = `{host="${host}",${what}="${name}",outcome="${outcome}"}`;
  return [
    `phusa_${what}_total${labels} ${count}\n`,
    `phusa_${what}_seconds_sum${labels} ${seconds.toFixed(3)}\n`,
  ];
}
