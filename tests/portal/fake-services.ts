/* eslint-disable @typescript-eslint/require-await -- fakes answer at once where services wait */
import { PhusaError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { localOperator, type Person } from '../../core/person.ts';
import type { Role } from '../../core/role.ts';
import { roles } from '../../core/role.ts';
import type { Call, Download, IngestResult, Services, SourceView } from '../../services/port.ts';
import { fakeDocument } from './fake-document.ts';

/** Services in memory with invented Vietnamese data, for the tests of server, command line and portal. */
export interface FakeServices extends Services {
  /** Calls of the services, `<resource>.<method>`, in order. */
  readonly calls: string[];
  /** What the next ingest does instead of succeeding. */
  ingestWith: ((call: Call) => Promise<IngestResult>) | undefined;
  /** A file that downloads serve. */
  file: Download;
}

const people: readonly (Person & { readonly password: string })[] = [
  ...roles.map((role: Role) => ({
    actor: `user:${role}`,
    name: role,
    roles: [role],
    password: `mat-khau-${role}`,
    ...(role === 'department' ? { agency: 'H24.09' } : {}),
  })),
  { ...localOperator, actor: 'user:demo', name: 'demo', password: 'demo' },
];

/** A person by name, as the fakes know them. */
function personNamed(name: string): Person {
  const found = people.find((person) => person.name === name);
  if (!found) throw new TypeError(name);
  const { actor, name: known, roles: held, agency } = found;
  return { actor, name: known, roles: held, ...(agency === undefined ? {} : { agency }) };
}

const source = (parts: Partial<SourceView> & { name: string }): SourceView => ({
  connector: 'dvc-http',
  owner: 'H24.09',
  status: 'active',
  version: 2,
  config: { url: 'http://127.0.0.1:9000/dvc' },
  streams: ['dossier', 'processing_step'],
  next: { vi: 'Chạy phusa ingest', en: 'Run phusa ingest' },
  ...parts,
});

const sourceList: readonly SourceView[] = [
  source({
    name: 'dvc-hai-phong',
    lastRun: {
      run: 'run-0192',
      status: 'ok',
      at: '2026-11-22T01:15:00Z',
      received: 1840,
      new: 1711,
      changed: 129,
      quarantined: 0,
    },
  }),
  source({
    name: 'hoa-don-dien-tu',
    connector: 'einvoice',
    owner: 'H24.05',
    streams: ['invoice', 'invoice_line'],
    lastRun: { run: 'run-0193', status: 'partial', at: '2026-11-22T01:20:00Z', quarantined: 12 },
  }),
  source({
    name: 'phan-anh-1022',
    connector: 'manifest',
    status: 'paused',
    version: 3,
    asks: [{ vi: 'luồng phan_anh: bỏ cột xa', en: 'stream phan_anh: column xa is removed' }],
    certificate: {
      version: 2,
      passed: false,
      at: '2026-11-20T02:00:00Z',
      by: 'user:operator',
      sha256: 'ab12'.repeat(16),
      proofs: [
        {
          proof: 'volume',
          outcome: 'passed',
          label: { vi: 'Đọc được dữ liệu, đủ như nguồn khai', en: 'Rows come' },
          reason: null,
          figures: { batches: 12, received: 1840 },
        },
        {
          proof: 'late-row',
          outcome: 'failed',
          label: { vi: 'Dòng đến muộn được đọc ở lần sau', en: 'A late row is read' },
          reason: { vi: 'Khai khoảng đọc lùi (lookBack).', en: 'Declare a look-back.' },
          figures: { streams: 1 },
        },
        {
          proof: 'deletes',
          outcome: 'not-applicable',
          label: { vi: 'Dòng bị xóa ở nguồn biến mất như đã khai', en: 'Deletions' },
          reason: { vi: 'Không khai xóa.', en: 'No deletes are declared.' },
          figures: {},
        },
      ],
    },
    history: [
      {
        at: '2026-11-01T02:00:00Z',
        what: 'added',
        actor: 'user:so-ttt',
        version: 1,
        status: 'draft',
      },
      {
        at: '2026-11-02T02:00:00Z',
        what: 'active',
        actor: 'user:steward',
        version: 1,
        status: 'active',
      },
      {
        at: '2026-11-20T01:00:00Z',
        what: 'edited',
        actor: 'user:so-ttt',
        version: 3,
        status: 'paused',
      },
      {
        at: '2026-11-20T02:00:00Z',
        what: 'certification-failed',
        actor: 'user:operator',
        version: 3,
      },
    ],
    next: { vi: 'Chạy: phusa source certify phan-anh-1022', en: 'Run: phusa source certify' },
  }),
  source({
    name: 'covid-hang-ngay',
    connector: 'covid-daily',
    owner: 'H24.12',
    status: 'paused',
    streams: ['covid_daily'],
    next: { vi: 'Chạy lại: phusa source resume', en: 'Resume: phusa source resume' },
  }),
];

const batch = (n: number): JsonObject => ({
  id: `batch-${n}`,
  source: 'dvc-hai-phong',
  run: 'run-0192',
  key: `2026-11-${String(n).padStart(2, '0')}`,
  status: n % 4 === 3 ? 'partial' : 'ok',
  readAt: `2026-11-${String(n).padStart(2, '0')}T01:15:00Z`,
  streams: [
    {
      stream: 'dossier',
      received: 100 + n,
      new: 80,
      changed: 20,
      unchanged: n,
      duplicate: 0,
      filtered: 0,
      quarantined: 0,
      deleted: 0,
      status: 'ok',
    },
  ],
});

const edition: JsonObject = {
  id: 'edition:tthc/2026-10@nd09/v1',
  report: 'tthc',
  period: '2026-10@nd09',
  version: 1,
  status: 'issued',
  shortCode: '7K3M9QXA',
  issuedAt: '2026-11-16T01:00:00Z',
  asOf: '2026-11-16T00:00:00+07:00',
};

const trace: JsonObject = {
  figure: {
    ref: 'edition:tthc/2026-10@nd09/v1#bang1.H24.09.tiep_nhan',
    value: '861',
    printed: '861',
    label: { vi: 'Số hồ sơ tiếp nhận', en: 'Dossiers received' },
    window: { from: '2026-09-15', to: '2026-10-14' },
  },
  definition: {
    code: 'dossiers_received',
    label: { vi: 'Số hồ sơ tiếp nhận', en: 'Dossiers received' },
    formula: { vi: 'Đếm số hồ sơ có ngày tiếp nhận trong kỳ', en: 'Count of dossiers received' },
    numerator: { vi: 'Hồ sơ tiếp nhận trong kỳ', en: 'Dossiers received in the period' },
    denominator: null,
    unit: { vi: 'hồ sơ', en: 'dossier' },
    legalSource: 'Nghị định 09/2019/NĐ-CP',
  },
  sql: "select count(*) as value\nfrom mart.dossier_month\nwhere agency = 'H24.09'\n  and received_on between date '2026-09-15' and date '2026-10-14'",
  rows: {
    asset: 'mart.dossier_month',
    asOf: '2026-11-16T00:00:00+07:00',
    where: "agency = 'H24.09'",
    count: 861,
    sha256: '3b1c'.repeat(16),
    sample: [
      { dossier_code: 'H24.09-20261001-0001', received_on: '2026-10-01', status: 'đã trả' },
      { dossier_code: 'H24.09-20261001-0002', received_on: '2026-10-01', status: 'đang xử lý' },
    ],
  },
  batches: [
    {
      id: 'batch-14',
      source: 'dvc-hai-phong',
      readAt: '2026-11-14T01:15:00Z',
      receipts: [
        {
          sha256: 'ab'.repeat(32),
          uri: 'landing/sha256/ab/abab',
          request: { method: 'GET', url: '/dvc/ho-so?tuNgay=2026-10-01&trang=1' },
        },
      ],
    },
  ],
  code: { version: '0.1.0', sql: 'f00d'.repeat(16) },
  asOf: '2026-11-16T00:00:00+07:00',
  recomputed: '861',
  equal: true,
};

const extracts: readonly JsonObject[] = [
  {
    id: 'ext-1',
    status: 'submitted',
    requester: 'user:statistician',
    dataset: 'mart.dossier_month',
    purpose: 'Báo cáo quý III của Sở Thống kê',
    recipient: 'Chi cục Thống kê thành phố',
    format: 'csv',
    expires: '2026-12-31',
    createdAt: '2026-11-20T03:00:00Z',
  },
  {
    id: 'ext-2',
    status: 'ready',
    requester: 'user:statistician',
    dataset: 'mart.invoice_month',
    purpose: 'Phân tích doanh thu theo ngành',
    recipient: 'Sở Tài chính',
    format: 'xlsx',
    expires: '2026-12-31',
    createdAt: '2026-11-18T03:00:00Z',
  },
];

/** Counts of a run in which everything was new. */
export function okResult(status: IngestResult['status'] = 'ok'): IngestResult {
  return {
    source: 'dvc-hai-phong',
    run: 'run-0200',
    status,
    batches: ['batch-20'],
    streams: [
      {
        stream: 'dossier',
        received: 12,
        new: 10,
        changed: 1,
        unchanged: 0,
        duplicate: 0,
        filtered: 0,
        quarantined: status === 'partial' ? 1 : 0,
        deleted: 0,
        cursor: '2026-11-22T00:00:00',
        status,
        reason: null,
      },
    ],
  };
}

const missing = (what: string): PhusaError =>
  new PhusaError({
    group: 'data',
    code: 'not-found',
    message: { vi: `Không có “${what}”.`, en: `There is no “${what}”.` },
  });

const refused = (): PhusaError =>
  new PhusaError({
    group: 'data',
    code: 'not-permitted',
    message: { vi: 'Không ai được tự duyệt yêu cầu của mình.', en: 'Nobody approves their own.' },
  });

/** Makes the fakes; `file` is what every download serves. */
export function createFakeServices(file: Download): FakeServices {
  const sessions = new Map<string, Person>();
  const state: Pick<FakeServices, 'calls' | 'ingestWith' | 'file'> = {
    calls: [],
    ingestWith: undefined,
    file,
  };
  const visible = (call: Call, name: string): SourceView => {
    const found = sourceList.find((each) => each.name === name);
    if (!found) throw missing(name);
    const onlyDepartment = call.person.roles.every((role) => role === 'department');
    if (onlyDepartment && found.owner !== call.person.agency) throw missing(name);
    return found;
  };
  const services: Services = {
    home: {
      info: async () => ({
        id: 'home-hai-phong',
        solo: true,
        simulated: true,
        version: '0.1.0',
        counts: { sources: 3, editions: 2, batches: 21 },
      }),
      profile: async () => ({ agency: 'Trung tâm Điều hành thông minh' }),
      configure: async (_call, profile) => profile,
      doctor: async () => ({
        checks: [{ name: 'kho', ok: true, message: { vi: 'Kho mở được', en: 'The home opens' } }],
      }),
      health: async () => undefined,
      metrics: async () => 'phusa_batches_total 21\n',
      publicKey: async () => '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n',
    },
    connectors: {
      examine: async () => ({ problems: [], streams: [] }),
      list: async () => [
        {
          name: 'dvc-http',
          version: '1.0.0',
          label: { vi: 'Dịch vụ công', en: 'Public services' },
        },
      ],
      show: async (_call, name) => ({
        name,
        version: '1.0.0',
        secrets: { password: { vi: 'Mật khẩu dịch vụ', en: 'Password' } },
        config: {
          type: 'object',
          properties: {
            base: { type: 'string', title: 'Địa chỉ dịch vụ / Service address' },
            port: { type: 'integer', title: 'Cổng / Port', default: 443 },
            portalStates: { type: 'boolean', title: 'Đọc trạng thái / Read states', default: true },
            networks: {
              type: 'array',
              items: { type: 'string' },
              title: 'Mạng nội bộ / Inner networks',
            },
          },
          required: ['base'],
        },
      }),
    },
    sources: {
      add: async (_call, added) =>
        source({ ...added, owner: added.owner ?? 'H24.09', status: 'active' }),
      list: async (call) =>
        sourceList.filter(
          ({ owner }) =>
            call.person.roles.some((role) => role !== 'department') || owner === call.person.agency,
        ),
      show: async (call, name) => visible(call, name),
      version: async (call, name, version) => ({
        version,
        config: visible(call, name).config,
        contract: {},
      }),
      check: async () => ({ ok: true, found: { vi: '2 luồng, 1.840 hồ sơ', en: '2 streams' } }),
      discover: async () => ({
        streams: [
          {
            stream: 'dossier',
            label: { vi: 'Hồ sơ', en: 'Dossiers' },
            columns: [{ name: 'dossier_code', type: 'varchar', classification: 'personal' }],
          },
        ],
      }),
      tryOut: async () => ({
        found: { vi: 'Tìm thấy 2 tệp', en: 'Found 2 files' },
        pages: [{ request: { url: '/thu-muc' }, streams: [] }],
      }),
      preview: async () => ({ pages: [{ request: 'GET /dvc', records: 2 }] }),
      edit: async (call, name) => visible(call, name),
      adopt: async (call, name) => ({ ...visible(call, name), drift: [] }),
      backFill: async (_call, name) => ({
        source: name,
        run: 'replay-1',
        status: 'ok',
        batches: [],
        streams: [],
      }),
      league: async (_call, period) => ({
        period,
        from: '2026-11-01',
        to: '2026-11-30',
        suppliers: [
          {
            agency: 'H24.05',
            source: 'hoa-don-dien-tu',
            score: 96.1,
            onTime: 90,
            complete: 100,
            valid: 98.7,
            delayHours: 4.5,
            runs: 10,
            lateRuns: [{ id: 'run-0190', status: 'failed', at: '2026-11-03T01:20:00Z' }],
            batches: 30,
            heldBatches: [],
            received: 1840,
            rejected: 24,
            rejectedIn: [
              {
                id: 'batch-14',
                key: '2026-11-14',
                status: 'published',
                received: 114,
                rejected: 24,
              },
            ],
          },
        ],
      }),
      certify: async () => ({ passed: true, failed: [], proofs: [] }),
      approve: async (call, name) => visible(call, name),
      pause: async (call, name) => ({ ...visible(call, name), status: 'paused' }),
      resume: async (call, name) => ({ ...visible(call, name), status: 'active' }),
      remove: async (call, name) => ({ ...visible(call, name), status: 'removed' }),
      ingest: async (call, name) => {
        visible(call, name);
        if (state.ingestWith) return state.ingestWith(call);
        for (const done of [1, 2]) {
          call.progress({ step: { vi: 'Đọc trang', en: 'Reading pages' }, done, total: 2 });
        }
        return okResult();
      },
    },
    inbox: {
      begin: () => Promise.resolve({ upload: 'u', offset: 0, done: false }),
      append: (_call, _source, file) =>
        Promise.resolve({ upload: 'u', offset: file.bytes, done: true }),
      files: () => Promise.resolve([]),
      push: async (_source, { body }) => {
        let bytes = 0;
        for await (const chunk of body) bytes += chunk.byteLength;
        return { name: 'x', sha256: 'x', bytes, isRepeated: false };
      },
    },
    batches: {
      list: async (_call, { limit = 10, after = '0' }) => {
        const from = Number(after);
        const items = Array.from({ length: 21 }, (_, i) => batch(21 - i)).slice(from, from + limit);
        return from + limit < 21 ? { items, next: String(from + limit) } : { items };
      },
      show: async (_call, id) => ({ ...batch(14), id }),
      quarantine: async () => ({
        items: [
          {
            id: 'batch-14.dossier.f.3',
            batch: 'batch-14',
            source: 'hoa-don-dien-tu',
            stream: 'invoice',
            file: 'hd-2026-10.xml',
            row: 3,
            field: 'MST',
            value: '01234',
            reason: 'Mã số thuế phải có 10, 12 hoặc 13 chữ số',
          },
        ],
      }),
      reasons: async () => [
        {
          source: 'hoa-don-dien-tu',
          stream: 'invoice',
          reason: 'tax-code-invalid',
          label: { vi: 'Mã số thuế phải có 10, 12 hoặc 13 chữ số', en: 'Tax code' },
          field: 'MST',
          rows: '1',
          batches: '1',
        },
      ],
      quarantined: async (_call, id) => ({ id, reason: 'Mã số thuế sai', raw: '<HDon/>' }),
      replay: async () => okResult(),
      correct: async () => okResult(),
      rejected: async () => state.file,
      landed: async () => state.file,
    },
    assets: {
      list: async () => [{ key: 'mart.dossier_month', rows: 861 }],
      show: async (_call, key) => ({ key, sql: 'select 1\nfrom staging.dossier' }),
      diff: async (_call, key) => ({ key }),
      build: async () => ({
        built: [{ key: 'mart.dossier_month', rows: 861 }],
        fresh: [],
        blocked: [],
      }),
      query: async (_call, sql) => ({
        columns: [
          { name: 'ten', type: 'VARCHAR' },
          { name: 'so', type: 'BIGINT' },
        ],
        rows: [
          [sql.includes('formula') ? '=1+1' : 'Hải Phòng', '12'],
          ['Lê Chân', null],
        ],
        truncated: false,
      }),
      openLineage: async () => [],
      lineage: async () => ({
        nodes: [],
        edges: [{ from: 'staging.dossier', to: 'mart.dossier_month' }],
      }),
    },
    indicators: {
      list: async () => [
        { code: 'dossiers_received', label: { vi: 'Hồ sơ tiếp nhận', en: 'Received' } },
      ],
      show: async (_call, code) => ({ code }),
      get: async () => ({ values: [{ period: '2026-10', area: '31', value: '7502' }] }),
    },
    reports: {
      list: async () => [
        {
          name: 'tthc',
          label: { vi: 'Báo cáo thủ tục hành chính', en: 'Administrative-procedure report' },
        },
        { name: 'covid', label: { vi: 'Bản tin dịch bệnh tuần', en: 'Weekly bulletin' } },
      ],
      render: async () => ({ files: [state.file] }),
      issue: async () => edition,
      approve: async () => edition,
      editions: async () => ({
        items: [
          edition,
          {
            ...edition,
            id: 'edition:covid/2026-W46/v1',
            report: 'covid',
            period: '2026-W46',
            shortCode: '2V8HT4ZC',
          },
        ],
      }),
      edition: async () => edition,
      document: async () => fakeDocument,
      file: async () => state.file,
      verify: async (_call, sha256) => ({ verdict: 'issued', sha256, edition }),
    },
    schedules: {
      list: async () => [{ name: 'tthc-hang-thang', status: 'active' }],
      add: async (_call, schedule) => schedule,
      run: async (_call, name) => ({ name, status: 'ran' }),
      pause: async (_call, name) => ({ name, status: 'paused' }),
      resume: async (_call, name) => ({ name, status: 'active' }),
      why: async () => ({ slots: [{ nominal: '2026-11-16T08:00:00+07:00', status: 'ran' }] }),
    },
    extracts: {
      datasets: async () => [
        {
          key: 'mart.dossier_month',
          label: { vi: 'Hồ sơ theo tháng', en: 'Dossiers by month' },
          columns: [
            { name: 'month', label: { vi: 'Tháng', en: 'Month' } },
            { name: 'agency', label: { vi: 'Cơ quan', en: 'Agency' } },
            { name: 'received', label: { vi: 'Tiếp nhận', en: 'Received' } },
          ],
          offers: {
            columns: [],
            dimensions: ['month', 'agency'],
            measures: [{ fn: 'count', column: 'received' }],
          },
          protected: { subject: 'person' },
        },
      ],
      request: async (call, request) => ({
        id: 'ext-3',
        status: 'submitted',
        requester: call.person.actor,
        ...request,
      }),
      list: async () => ({ items: extracts }),
      show: async (_call, id) => {
        const found = extracts.find((each) => each['id'] === id);
        if (!found) throw missing(id);
        return found;
      },
      approve: async (call, id) => {
        const found = extracts.find((each) => each['id'] === id);
        if (!found) throw missing(id);
        if (found['requester'] === call.person.actor) throw refused();
        return { ...found, status: 'ready' };
      },
      reject: async (_call, id, reason) => ({ id, status: 'rejected', reason }),
      return: async (_call, id, reason) => ({ id, status: 'returned', reason }),
      files: async (_call, id) => {
        if (id !== 'ext-2') throw missing(id);
        return [state.file];
      },
      revoke: async (_call, id, reason) => ({ id, status: 'revoked', reason }),
      register: async () => ({ items: extracts }),
    },
    trace: {
      trace: async (_call, ref) => {
        if (ref.includes('missing')) throw missing(ref);
        return { ...trace, figure: { ...objectOf(trace['figure']), ref } };
      },
      evidence: async () => ({ files: [state.file] }),
    },
    audit: {
      verify: async () => ({
        entries: 412,
        head: 'c0ffee'.repeat(10) + 'c0ff',
        intact: true,
        problems: [],
      }),
      journal: async () => ({
        items: [
          {
            seq: 412,
            at: '2026-11-22T01:15:04Z',
            kind: 'batch.published',
            subject: 'batch-21',
            actor: 'system',
            hash: 'ab'.repeat(32),
          },
          {
            seq: 411,
            at: '2026-11-22T01:15:01Z',
            kind: 'batch.intended',
            subject: 'batch-21',
            actor: 'system',
            hash: 'cd'.repeat(32),
          },
        ],
      }),
      export: async () => state.file,
    },
    people: {
      signIn: async (name, password) => {
        const found = people.find((person) => person.name === name && person.password === password);
        if (!found) {
          throw new PhusaError({
            group: 'fatal',
            code: 'sign-in-failed',
            message: { vi: 'Tên hoặc mật khẩu không đúng.', en: 'Wrong name or password.' },
          });
        }
        const session = `session-${name}-${sessions.size}-${Math.random().toString(36).slice(2)}`;
        sessions.set(session, personNamed(name));
        return { session, person: personNamed(name), expires: '2099-01-01T00:00:00Z' };
      },
      session: async (id) => sessions.get(id),
      signOut: async (id) => void sessions.delete(id),
      token: async (bearer) =>
        bearer.startsWith('token-') ? personNamed(bearer.slice('token-'.length)) : undefined,
      users: async () => [{ name: 'demo', roles: ['admin'] }],
      addUser: async (_call, user) => ({ name: user.name, roles: user.roles }),
      removeUser: async (_call, name) => ({ name, status: 'removed' }),
      tokens: async () => [{ name: 'ban-tin', user: 'demo' }],
      addToken: async (_call, token) => ({ name: token.name, bearer: 'chỉ-hiện-một-lần' }),
      revokeToken: async (_call, name) => ({ name, status: 'revoked' }),
    },
  };
  return Object.assign(state, recordCalls(services, state.calls));
}

/** Wraps every method so that its name is written down. */
function recordCalls(services: Services, calls: string[]): Services {
  const wrap = <R extends object>(resource: string, members: R): R =>
    new Proxy(members, {
      get: (target, name, receiver): unknown => {
        const value: unknown = Reflect.get(target, name, receiver);
        if (typeof value === 'function') calls.push(`${resource}.${String(name)}`);
        return value;
      },
    });
  return {
    home: wrap('home', services.home),
    connectors: wrap('connectors', services.connectors),
    sources: wrap('sources', services.sources),
    inbox: wrap('inbox', services.inbox),
    batches: wrap('batches', services.batches),
    assets: wrap('assets', services.assets),
    indicators: wrap('indicators', services.indicators),
    reports: wrap('reports', services.reports),
    schedules: wrap('schedules', services.schedules),
    extracts: wrap('extracts', services.extracts),
    trace: wrap('trace', services.trace),
    audit: wrap('audit', services.audit),
    people: wrap('people', services.people),
  };
}

function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value))
    : {};
}
