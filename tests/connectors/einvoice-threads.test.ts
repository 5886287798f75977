import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { workerParsers } from '../../connectors/einvoice/parser-pool.ts';

const task = { task: 0, path: '', file: 'hd.zip', members: undefined, rows: '' };
const moduleOf = (code: string): URL => new URL(`data:text/javascript,${encodeURIComponent(code)}`);

describe('threads that are started before their first task', () => {
  it('take it', async () => {
    const parsers = workerParsers(
      1,
      moduleOf(`import { parentPort } from 'node:worker_threads';
        parentPort.on('message', () => parentPort.postMessage({ kind: 'done', output: 'read' }));`),
    );
    parsers.expect();
    parsers.expect();
    expect(await parsers.run(task)).toBe('read');
  });

  it('fail the task, not the process, where they end by themselves', async () => {
    const ending = moduleOf(`throw new Error('ended')`);
    const parsers = workerParsers(1, ending);
    parsers.expect();
    await once(new Worker(ending), 'error');
    await expect(parsers.run(task)).rejects.toThrow('ended');
  });
});
