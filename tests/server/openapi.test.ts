import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operationTable } from '../../server/operation-table.ts';
import { startTestServer, type TestServer } from './test-server.ts';

let test: TestServer;
beforeAll(async () => {
  test = await startTestServer();
});
afterAll(() => test.close());

interface Description {
  readonly openapi: string;
  readonly paths: Record<
    string,
    Record<
      string,
      { operationId: string; parameters?: { name: string; in: string; required: boolean }[] }
    >
  >;
}

async function description(): Promise<Description> {
  return (await (await fetch(`${test.url}/api/openapi.json`)).json()) as Description;
}

describe('the API’s description', () => {
  it('I27 routes under /api/v1 and OpenAPI are the same set', async () => {
    const { paths, openapi } = await description();
    expect(openapi).toBe('3.1.0');
    const described = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const served = test.server.routes
      .filter((route) => /^(GET|POST|DELETE) \/api\/v1/.test(route))
      .map((route) => route.replace(/:(\w+)/g, '{$1}'));
    expect(served.sort()).toEqual(described.sort());
    expect(described).toHaveLength(operationTable.length + 5);
  });

  it('declares every path parameter, and which query names are required', async () => {
    const { paths } = await description();
    for (const [path, item] of Object.entries(paths)) {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const { parameters = [] } of Object.values(item)) {
        const declared = parameters.filter((each) => each.in === 'path').map(({ name }) => name);
        expect(declared).toEqual(names);
      }
    }
    const ref = paths['/api/v1/trace']?.['get']?.parameters?.find(({ name }) => name === 'ref');
    expect(ref?.required).toBe(true);
  });

  it('is readable without scripts or outside assets', async () => {
    const page = await (await fetch(`${test.url}/api/docs`)).text();
    for (const { id } of operationTable) expect(page).toContain(`id="${id}"`);
    expect(page).not.toMatch(/<script|https?:\/\//);
  });
});

describe('long operations', () => {
  it('stream progress, then the result', async () => {
    const lines = await ingest();
    expect(lines.map(({ type }) => type)).toEqual(['progress', 'progress', 'result']);
    expect(lines.at(-1)).toMatchObject({ result: { run: 'run-0200' } });
  });

  it('end with the problem when they fail on the way', async () => {
    test.services.ingestWith = () => Promise.reject(new TypeError('x'));
    const lines = await ingest();
    test.services.ingestWith = undefined;
    expect(lines).toMatchObject([{ type: 'error', problem: { code: 'unexpected', status: 500 } }]);
  });

  it('are cancelled when the asker goes away', async () => {
    const cancelled = new Promise<void>((done) => {
      test.services.ingestWith = (call) =>
        new Promise((_done, failed) => {
          call.progress({ step: { vi: 'Bắt đầu', en: 'Begin' }, done: 0 });
          call.signal.addEventListener('abort', () => {
            done();
            failed(new TypeError('cancelled'));
          });
        });
    });
    const abort = new AbortController();
    const response = await fetch(`${test.url}/api/v1/sources/dvc-hai-phong/ingest`, {
      method: 'POST',
      headers: headers(),
      body: '{}',
      signal: abort.signal,
    });
    await response.body?.getReader().read();
    abort.abort();
    await cancelled;
    test.services.ingestWith = undefined;
  });

  async function ingest(): Promise<{ type: string }[]> {
    const response = await fetch(`${test.url}/api/v1/sources/dvc-hai-phong/ingest`, {
      method: 'POST',
      headers: headers(),
      body: '{}',
    });
    const text = await response.text();
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
  }

  function headers(): Record<string, string> {
    return {
      authorization: 'Bearer token-operator',
      accept: 'application/x-ndjson',
      'content-type': 'application/json',
    };
  }
});
