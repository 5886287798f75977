import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PhusaError, type ErrorGroup } from '../../core/errors.ts';
import { runResult } from '../../workflows/activities/ingest-activities.ts';
import type {
  Activities,
  PipelineInput,
  PipelineName,
  PipelineOutput,
} from '../../workflows/pipelines.ts';
import { pipelineTable } from '../../workflows/pipelines.ts';
import type { Runner } from '../../workflows/runner.ts';
import { addDailySchedule, pipelineCases } from '../harness/pipeline-cases.ts';
import { openPipelineHome, type PipelineHome } from '../harness/pipeline-home.ts';
import { fileOf } from '../workflows/ingest-home.ts';

/** A host to be held to the contract. */
export interface TestedHost {
  readonly runner: Runner;
  close(): Promise<void>;
}

const names = Object.keys(pipelineTable) as PipelineName[];

/** Every pipeline, every activity, every kind of failure: the same on every host. */
export function hostConformance(title: string, open: (made: PipelineHome) => Promise<TestedHost>) {
  describe(`host: ${title}`, () => {
    let made: PipelineHome;
    let host: TestedHost;
    let files = 0;
    let turn = 0;
    beforeAll(async () => {
      made = await openPipelineHome();
      host = await open(made);
      await addDailySchedule(made, 'dem');
      expect((await run('ingestSource', pipelineCases.ingestSource.input)).status).toBe('ok');
    });
    afterAll(async () => {
      await host.close();
      await made.home.remove();
    });

    const run = <N extends PipelineName>(
      name: N,
      input: PipelineInput<N>,
      signal = new AbortController().signal,
    ): Promise<PipelineOutput<N>> =>
      host.runner.run(name, input, { progress: () => undefined, signal });
    const rows = async () =>
      await made.home.cells('select code, amount::varchar from staging.visit order by code');
    const addFile = () => {
      files += 1;
      const code = `f${String(files).padStart(3, '0')}`;
      made.home.world.files.clear();
      made.home.world.files.set(`2026-12-${code}`, fileOf([code, '7']));
      return code;
    };
    /** A new day of the schedule, a new file, a new extract: something for every pipeline to do. */
    const fresh = async <N extends PipelineName>(name: N): Promise<PipelineInput<N>> => {
      turn += 1;
      if (name !== 'produceExtract' && name !== 'expireExtracts') addFile();
      made.now = new Date(made.now.getTime() + 86_400_000);
      const { input } = pipelineCases[name];
      if (name === 'buildStale' || name === 'issueReport')
        await run('ingestSource', pipelineCases.ingestSource.input);
      if (name === 'produceExtract') return { ...input, extract: `x-${turn}` };
      if (name === 'issueReport') return { ...input, period: `p-${turn}` };
      return input;
    };

    it('every pipeline of the folder is in the table, and has a case', () => {
      const folder = fileURLToPath(new URL('../../workflows/', import.meta.url));
      const found = readdirSync(folder)
        .filter((file) => file.endsWith('.ts'))
        .flatMap((file) => [
          ...readFileSync(folder + file, 'utf8').matchAll(
            /export async function (\w+)\(\s*context: PipelineContext</g,
          ),
        ])
        .map(([, name = '']) => name)
        .filter((name) => name !== 'runDue');
      expect(found.sort()).toEqual([...names].sort());
      expect(Object.keys(pipelineCases).sort()).toEqual([...names].sort());
    });

    it.each(names)('%s runs to its end', async (name) => {
      const output: unknown = await run(name, await fresh(name));
      const expected = {
        ingestSource: { source: 'kham', status: 'ok' },
        buildStale: { blocked: [] },
        issueReport: { outcome: 'issued', edition: `edition:dich/p-${turn}/v1` },
        produceExtract: null,
        expireExtracts: { expired: 0 },
        runSchedule: { ended: 1 },
        backfillSources: { runs: 6, failed: 0 },
      } satisfies Record<PipelineName, unknown>;
      if (output === null) expect(expected[name]).toBeNull();
      else expect(output).toMatchObject(expected[name] ?? {});
    });

    const places = names.flatMap((name) =>
      pipelineCases[name].activities.flatMap((activity) =>
        (['before', 'after'] as const).map((moment) => ({ name, activity, moment })),
      ),
    );

    it.each(places)(
      'D16 D17 $name: a retriable fault $moment $activity is passed, at the latest by asking again',
      async ({ name, activity, moment }) => {
        const input = await fresh(name);
        const hits = faultOnce(made, activity, moment, 'retriable');
        await run(name, input).catch(() => undefined);
        made.fault = () => undefined;
        expect(hits()).toBe(1);
        await run(name, input);
        await run('ingestSource', pipelineCases.ingestSource.input);
        const codes = (await rows()).map(([code]) => code);
        expect(codes.filter((code) => String(code).startsWith('f'))).toHaveLength(files);
        expect(new Set(codes).size).toBe(codes.length);
        const open = await made.home.store.list('slot', { status: ['running'] });
        expect(open.rows).toEqual([]);
        for (const counts of [made.outside.delivered, made.outside.made])
          expect([...counts.values()].every((n) => n === 1)).toBe(true);
      },
    );

    it.each(['fatal', 'data', 'skippable'] as const)(
      'a %s failure comes back with its group, code and both texts, and is not tried again',
      async (group) => {
        const hits = faultOnce(made, 'makeExtract', 'before', group, Infinity);
        const input = await fresh('produceExtract');
        const failure: unknown = await run('produceExtract', input).catch((e: unknown) => e);
        made.fault = () => undefined;
        expect(failure).toBeInstanceOf(PhusaError);
        expect(failure).toMatchObject({
          group,
          code: 'planned',
          text: { vi: 'định trước', en: 'planned' },
        });
        expect(hits()).toBe(1);
      },
    );

    it('D34: a run whose reading failed is failed, its reason in the journal, and so is its slot', async () => {
      const input = await fresh('ingestSource');
      faultOnce(made, 'readChunk', 'before', 'fatal', Infinity);
      const end = await run('ingestSource', input);
      expect(end.status).toBe('failed');
      const result = await runResult(made.home.store, end.run);
      expect(result.streams[0]?.reason).toEqual({ vi: 'định trước', en: 'planned' });
      await run('runSchedule', pipelineCases.runSchedule.input);
      made.fault = () => undefined;
      const [slot] = (await made.home.store.list('slot', { limit: 1 })).rows;
      expect(slot).toMatchObject({ status: 'failed', data: { code: 'run-failed' } });
    });

    it('D30: a failure inside the handling of a failure still ends in a failure', async () => {
      made.fault = (name) => {
        if (name === 'readChunk' || name === 'finishRun') throw planned('fatal');
      };
      const input = await fresh('ingestSource');
      await expect(run('ingestSource', input)).rejects.toMatchObject({ code: 'planned' });
      made.fault = () => undefined;
    });

    it('D23: a run cancelled while it loads is journalled as cancelled, and the next one goes on', async () => {
      const input = await fresh('ingestSource');
      const stop = new AbortController();
      made.fault = (name, moment) => {
        if (name === 'loadChunk' && moment === 'after') stop.abort();
      };
      const end = await run('ingestSource', input, stop.signal);
      made.fault = () => undefined;
      expect(['cancelled', 'ok']).toContain(end.status);
      expect((await run('ingestSource', input)).status).toBe('ok');
    });

    it('D25: a report waits for late sources, and is issued provisional when patience ends', async () => {
      const { evenIncomplete } = made.outside;
      const input = await fresh('issueReport');
      const waiting = (patienceEnds: string) =>
        run('issueReport', { ...input, wait: { everyMs: 50, patienceEnds } });
      made.outside.looksUntilComplete = 2;
      evenIncomplete.length = 0;
      expect((await waiting('2999-01-01T00:00:00Z')).outcome).toBe('issued');
      expect(evenIncomplete).toEqual([false, false, false]);
      made.outside.looksUntilComplete = 1_000;
      evenIncomplete.length = 0;
      expect((await waiting('2020-01-01T00:00:00Z')).outcome).toBe('issued');
      expect(evenIncomplete).toEqual([true]);
      made.outside.looksUntilComplete = 0;
    });

    it('D24: a back-fill goes newest first, within its bound, and goes on over segments', async () => {
      const asked: string[] = [];
      let going = 0;
      let most = 0;
      made.fault = (name, moment, input) => {
        if (name !== 'readChunk') return;
        if (moment === 'before') asked.push(String((input as { from?: string }).from));
        going += moment === 'before' ? 1 : -1;
        most = Math.max(most, going);
      };
      const { input } = pipelineCases.backfillSources;
      const end = await run('backfillSources', { ...input, from: '2026-05-01', segment: 4 });
      made.fault = () => undefined;
      expect(end).toMatchObject({ runs: 14, failed: 0 });
      expect(asked).toEqual([...asked].sort().reverse());
      expect(most).toBeLessThanOrEqual(2);
    });
  });
}

function planned(group: ErrorGroup): PhusaError {
  return new PhusaError({ group, code: 'planned', message: { vi: 'định trước', en: 'planned' } });
}

/** Makes an activity fail so often; tells how often it did. */
function faultOnce(
  made: PipelineHome,
  activity: keyof Activities,
  moment: 'before' | 'after',
  group: ErrorGroup,
  times = 1,
): () => number {
  let hits = 0;
  made.fault = (name, when) => {
    if (name !== activity || when !== moment || hits >= times) return;
    hits += 1;
    throw planned(group);
  };
  return () => hits;
}
