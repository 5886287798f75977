import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findConnector } from '../../connectors/registry.ts';
import { createSourceServices } from '../../services/source-services.ts';
import { optionalText } from '../../core/json-member.ts';
import { PeriodCalendar } from '../../core/period-calendar.ts';
import { openScratchHome } from '../../home/scratch-home.ts';
import { callOf } from '../extracts/extract-home.ts';
import * as fault from '../harness/fault-server.ts';
import { pagedManifest } from '../harness/paged-source.ts';
import { openIngestHome, type IngestHome } from '../workflows/ingest-home.ts';

let home: IngestHome;
let server: fault.FaultServer;
const pages = [
  {
    items: [
      { id: '1', name: 'Nguyễn Văn A', changed: '2026-10-01T00:00:00Z', phone: '0900000001' },
    ],
  },
  { items: [{ id: '2', name: 'Trần Thị B', changed: '31/02/2026', phone: '0900000002' }] },
  { items: [] },
];
beforeAll(async () => {
  home = await openIngestHome();
  server = await fault.startFaultServer({ '/things': pages.map((page) => fault.json(page)) });
});
afterAll(async () => {
  await server.close();
  await home.remove();
});

const services = () =>
  createSourceServices({
    ...home.deps,
    runner: { run: () => Promise.reject(new Error('nothing is run here')) },
    connector: (name) => {
      const found = findConnector(name);
      if (found === undefined) throw new Error(name);
      return found;
    },
    secret: () => Promise.resolve('khoa-bi-mat-cua-nguon'),
    solo: () => Promise.resolve(false),
    seal: () => Promise.resolve(),
    periods: new PeriodCalendar([]),
    scratchHome: () => openScratchHome(mkdtempSync(join(home.directory, 'scratch-')), home.deps),
  });
/** A key with a colon, as windows have: no name of a landed batch is made of it. */
const windowed = {
  request: {
    path: 'things',
    query: { offset: '{{ page.offset }}', from: '{{ window.from }}' },
  },
  incremental: { kind: 'time', start: '2026-11-01', granularity: 'P1D', format: '%Y-%m-%d' },
};
const call = callOf('operator', ['operator']);

it('a test read shows each page, its rows and rejected rows, what the records have, and the next cursor; no secret', async () => {
  const label = { vi: 'x', en: 'x' };
  const authentication = {
    kind: 'apiKey',
    key: '{{ secret.key }}',
    place: { in: 'query', name: 'khoa' },
  };
  const config = pagedManifest(
    server.url,
    { ...windowed, pagination: { kind: 'offset', size: 1 } },
    { authentication, secrets: { key: label } },
  );
  await services().add(call, { name: 'thu', connector: 'manifest', config, owner: 'H31' });
  const before = (await home.store.verify()).head;
  const { pages: shown } = await services().preview(call, 'thu', {});
  const [batch] = shown;
  expect(batch).toMatchObject({
    key: expect.stringMatching(/^thing:2026-11-01\.\./) as unknown,
    pages: [
      {
        request: { page: 1 },
        response: { status: 200 },
        records: { thing: [{ id: '1' }] },
        rejected: { thing: [] },
      },
      {
        records: { thing: [] },
        rejected: {
          thing: [{ reason: 'timestamp-invalid', field: 'changed', value: '31/02/2026' }],
        },
      },
      { records: { thing: [] }, rejected: { thing: [] } },
    ],
    inferred: [
      {
        stream: 'thing',
        columns: [
          { from: 'changed', declared: 'changed', type: 'varchar' },
          { from: 'id', declared: 'id', type: 'bigint' },
          { from: 'name', declared: 'name', type: 'varchar' },
          {
            from: 'phone',
            declared: null,
            proposed: { name: 'phone', classification: 'personal' },
          },
        ],
      },
    ],
    failure: null,
    nextCursor: { streams: { thing: { at: expect.any(String) as unknown } } },
  });
  expect(JSON.stringify(shown)).not.toContain('khoa-bi-mat');
  expect(server.requests[0]?.path).toContain('khoa=khoa-bi-mat-cua-nguon');
  expect((await home.store.verify()).head).toBe(before);
});

it('a test read goes on to earlier windows and further slices, by as many pages as asked; past the last there is nothing', async () => {
  const slices = [{ name: 'phuong', values: ['a', 'b'] }];
  const query = { ...windowed.request.query, phuong: '{{ slice.phuong }}' };
  const config = pagedManifest(server.url, {
    ...{ ...windowed, request: { path: 'things', query }, slices },
    incremental: { ...windowed.incremental, start: '2026-10-01', step: 'P7D' },
    pagination: { kind: 'offset', size: 1 },
  });
  await services().add(call, { name: 'tung-phan', connector: 'manifest', config, owner: 'H31' });
  const keyOf = async (piece: number) => {
    const before = server.requests.length;
    const { pages: shown } = await services().preview(call, 'tung-phan', { piece, pages: 1 });
    const asked = server.requests.slice(before).map(({ path }) => path);
    return {
      key: optionalText(shown[0] ?? {}, 'key') ?? '',
      phuong: asked.map((path) => /phuong=(.)/.exec(path)?.[1]),
    };
  };
  const newest = await keyOf(0);
  expect(newest.phuong).toEqual(['a']);
  expect(await keyOf(1)).toEqual({ key: newest.key, phuong: ['b'] });
  const earlier = await keyOf(2);
  expect(earlier.phuong).toEqual(['a']);
  expect(earlier.key < newest.key).toBe(true);
  expect(await keyOf(999)).toEqual({ key: '', phuong: [] });
});

it('a manifest with problems is refused with line and column', async () => {
  const yaml =
    'manifest: 1\nname: x\nlabel: { vi: a, en: b }\nbase: http://x.example\nstreems: []\n';
  const adding = services().add(call, {
    name: 'sai',
    connector: 'manifest',
    config: { yaml },
    owner: 'H31',
  });
  await expect(adding).rejects.toMatchObject({ code: 'config-invalid' });
  await expect(adding).rejects.toThrow(/5:1 streems: .*did you mean “streams”/);
});
