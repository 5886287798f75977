import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findConnector } from '../../connectors/registry.ts';
import * as fault from '../harness/fault-server.ts';
import { queryOf } from '../harness/paged-source.ts';
import { openSourceHome, type IngestOptions, type SourceHome } from '../harness/source-home.ts';

/** A page of some rows of a service, in its own words. */
interface Page {
  readonly rows: readonly string[];
  /** Rows that the service says there are. */
  readonly total: number;
}

/** A service that is asked page by page, and tells a total. */
interface PagedKind {
  readonly name: string;
  readonly path: string;
  readonly others: Readonly<Record<string, fault.Fault>>;
  readonly config: (url: string, size: number) => object;
  readonly options: IngestOptions;
  /** From which row on, and how many, a request asks for. */
  readonly asked: (query: URLSearchParams) => { readonly offset: number; readonly limit: number };
  readonly answer: (page: Page) => fault.Fault;
  readonly rows: string;
  /** A trick that cannot be told here; its reason is in docs/connector-cases.md. */
  readonly except?: string;
}

const kinds: readonly PagedKind[] = [
  {
    name: 'oneroster',
    path: '/orgs',
    others: { '/token': fault.json({ access_token: 't', expires_in: 3600 }) },
    config: (base, pageSize) => ({
      ...{ base, tokenUrl: `${base}/token`, clientId: 'ioc', collections: ['orgs'], pageSize },
    }),
    options: { secrets: { client_secret: 'bi-mat' } },
    asked: (query) => ({ offset: Number(query.get('offset')), limit: Number(query.get('limit')) }),
    answer: ({ rows, total }) =>
      fault.answer(
        JSON.stringify({
          orgs: rows.map((sourcedId) => ({
            ...{ sourcedId, status: 'active', name: sourcedId, type: 'school' },
            dateLastModified: '2026-09-01T00:00:00.000Z',
          })),
        }),
        { 'x-total-count': String(total) },
      ),
    rows: 'select sourced_id from staging.roster_org order by 1',
  },
  {
    name: 'dvc',
    path: '/hoso',
    others: { '/token': fault.json({ error_code: 0, access_token: 't', expires_in: 300 }) },
    config: (base, pageSize) => ({ base, clientId: 'ioc', from: '2026-11-22', pageSize }),
    options: { secrets: { password: 'bi-mat' }, streams: ['dossier'] },
    asked: (query) => ({
      offset: (Number(query.get('trang')) - 1) * Number(query.get('soLuong')),
      limit: Number(query.get('soLuong')),
    }),
    answer: ({ rows, total }) =>
      fault.json({
        ...{ error_code: 0, message: '', total },
        data: rows.map((MaHoSo) => ({
          ...{ MaHoSo, MaTTHC: '1', TrangThaiHoSo: 1, DonViXuLy: 'H31.1' },
          ...{ NgayTiepNhan: '2026-11-22 08:00:00', NgayCapNhat: '2026-11-22 08:00:00' },
        })),
      }),
    rows: 'select dossier_code from staging.dossier order by 1',
    except: 'B10 B11 one row',
  },
  {
    name: 'dhis2',
    path: '/api/organisationUnits.json',
    others: {},
    config: (base) => ({ base, username: 'ioc', dataSets: ['s'], orgUnits: ['x'] }),
    options: { secrets: { password: 'bi-mat' }, streams: ['health_org_unit'] },
    asked: (query) => ({ offset: (Number(query.get('page')) - 1) * 2, limit: 2 }),
    answer: ({ rows, total }) =>
      fault.json({
        pager: { page: 1, total },
        organisationUnits: rows.map((id) => ({ id, name: id })),
      }),
    rows: 'select id from staging.health_org_unit order by 1',
  },
];

const five = ['b', 'c', 'd', 'e', 'f'];

/** How a service misbehaves: what it answers to a request, which is the `turn`th. */
type Trick = (
  asked: { readonly offset: number; readonly limit: number },
  turn: number,
  all: string[],
) => Page;

const cut = (all: readonly string[], offset: number, limit: number, total = all.length): Page => ({
  ...{ rows: all.slice(offset, offset + limit), total },
});
const well: Trick = ({ offset, limit }, _, all) => cut(all, offset, limit);
const later =
  (change: (all: string[]) => void): Trick =>
  ({ offset, limit }, turn, all) => {
    if (turn === 2) change(all);
    return cut(all, offset, limit);
  };

const tricks: readonly (readonly [name: string, trick: Trick, given?: readonly string[]])[] = [
  ['B10 a row that comes in at the head', later((all) => all.unshift('a'))],
  ['B11 a row that leaves, so that another is passed over', later((all) => all.shift())],
  [
    'B10 B11 one row comes and one leaves: the total stays',
    later((all) => all.splice(0, 5, 'a', 'b', 'c', 'd', 'e')),
  ],
  ['B12 a page size that is silently capped', ({ offset }, _, all) => cut(all, offset, 1)],
  ['B13 a last page that is full', well, ['b', 'c', 'd', 'e']],
  ['B14 the first page for ever', ({ limit }, _, all) => cut(all, 0, limit)],
  ['B15 two pages in turn', ({ limit }, turn, all) => cut(all, (turn % 2) * 2, limit)],
  [
    'B16 a page that comes twice from a cache',
    ({ offset, limit }, turn, all) => cut(all, turn === 2 ? 0 : offset, limit),
  ],
  [
    'B17 a page that is missing',
    ({ offset, limit }, _, all) => cut(all, offset === 2 ? 4 : offset, limit),
  ],
  ['B18 a total that is one too many', ({ offset, limit }, _, all) => cut(all, offset, limit, 6)],
  ['B18 a total that is one too few', ({ offset, limit }, _, all) => cut(all, offset, limit, 4)],
  [
    'B19 a total that never rests',
    ({ offset, limit }, turn, all) => cut(all, offset, limit, 5 + turn),
  ],
];

let home: SourceHome;
let server: fault.FaultServer;
beforeEach(async () => {
  home = await openSourceHome();
});
afterEach(async () => {
  await server.close();
  await home.remove();
});

async function ingest(kind: PagedKind, all: string[], trick: Trick) {
  const connector = findConnector(kind.name);
  if (connector === undefined) throw new RangeError(kind.name);
  let turn = 0;
  const page: fault.Fault = (socket, request) => {
    turn += 1;
    return kind.answer(trick(kind.asked(queryOf(request)), turn, all))(socket, request);
  };
  server = await fault.startFaultServer({ ...kind.others, [kind.path]: page });
  const outcome = await home.ingest(connector, kind.config(server.url, 2), {
    ...kind.options,
    full: true,
  });
  return { ...outcome, asked: turn };
}

describe.each(kinds.map((kind) => [kind.name, kind] as const))('%s', (_name, kind) => {
  const rows = async () => (await home.rows(kind.rows)).flat();

  const applying = tricks
    .filter(([name]) => !name.startsWith(kind.except ?? '-'))
    .map(([name, trick, given = five]) => [name, trick, given] as const);

  it.each(applying)('%s: all rows of the server once, or a reason', async (_case, trick, given) => {
    const all = [...given];
    const { failure, batches, asked } = await ingest(kind, all, trick);
    const published = batches.filter(({ status }) => status === 'published');
    const told = [failure?.code, ...batches.flatMap(({ findings }) => findings)].filter(Boolean);
    expect(asked).toBeLessThan(40);
    if (published.length > 0) expect([await rows(), failure]).toEqual([all.toSorted(), undefined]);
    else expect(told).not.toEqual([]);
    await server.close();
    expect((await ingest(kind, all, well)).failure).toBeUndefined();
    expect(await rows()).toEqual(all.toSorted());
  });
});
