import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dhis2 } from '../../connectors/dhis2/connector.ts';
import * as fault from '../harness/fault-server.ts';
import { openSourceHome, type SourceHome } from '../harness/source-home.ts';

let home: SourceHome;
let directory: string;
beforeEach(async () => {
  home = await openSourceHome();
  directory = mkdtempSync(join(tmpdir(), 'phusa-dhis2-'));
});
afterEach(async () => {
  await home.remove();
  rmSync(directory, { recursive: true });
});

const lenient = {
  ...dhis2,
  streams: (config: Parameters<typeof dhis2.streams>[0]) =>
    dhis2.streams(config).map((stream) => ({ ...stream, holdAbove: 1 })),
};
const read = async (name: string, content: string | Uint8Array, more = {}) => {
  writeFileSync(join(directory, name), content);
  return home.ingest(lenient, { base: directory, ...more });
};
const values = () =>
  home.rows(
    'select data_element, period_id, org_unit, category_option_combo, value, value_number::varchar from staging.health_value order by all',
  );

const three = [
  ['BCG', '202601', 'xaA', '', '10', '10.000000000000'],
  ['BCG', '202602', 'xaA', 'nam', 'có', null],
  ['SOI', '2026Q1', 'xaB', '', '0', '0.000000000000'],
];

describe('files', () => {
  const json = JSON.stringify({
    period: '202601',
    dataValues: [
      { dataElement: 'BCG', orgUnit: 'xaA', categoryOptionCombo: 'HllvX50cXC0', value: '10' },
      {
        dataElement: 'BCG',
        period: '2026-02',
        orgUnit: 'xaA',
        categoryOptionCombo: 'nam',
        value: 'có',
        comment: null,
      },
      { dataElement: 'SOI', period: '2026Q1', orgUnit: 'xaB', value: 0, followup: false },
    ],
  });
  const csv = `"dataelement","period","orgunit","catoptcombo","attroptcombo","value","storedby","lastupd","comment","followup","deleted"
"BCG","202601","xaA","","default","10","an","2026-02-01","",false,
"BCG","202602","xaA","nam","","có","an","2026-03-01","",false,false
"SOI","2026Q1","xaB",,,"0","an","2026-04-01","",false,`;
  const xml = `<d:dataValueSet xmlns:d="http://dhis2.org/schema/dxf/2.0" period="202601" orgUnit="xaA" attributeOptionCombo="" completeDate="2026-02-02">
    <d:dataValue dataElement="BCG" value="10" storedBy="an"/>
    <d:dataValue dataElement="BCG" period="202602" categoryOptionCombo="nam" value="c&#xF3;"/>
    <d:dataValue dataElement="SOI" period="2026Q1" orgUnit="xaB" value="0"/></d:dataValueSet>`;
  const adx = `<adx xmlns="urn:ihe:qrph:adx:2015">
    <group dataSet="TCMR" period="2026-01-01/P1M" orgUnit="xaA"><dataValue dataElement="BCG" value="10"/></group>
    <group dataSet="TCMR" period="2026-02-01/P1M" orgUnit="xaA">
      <dataValue dataElement="BCG" categoryOptionCombo="nam" value="có"><annotation>Ghi chú</annotation></dataValue></group>
    <group dataSet="TCMR" period="2026-01-01/P3M" orgUnit="xaB"><dataValue dataElement="SOI" value="0"/></group></adx>`;

  it.each([
    ['a.json', json],
    ['a.csv', csv],
    ['a.xml', xml],
    ['adx.xml', adx],
  ])('%s: one set in four forms gives one table', async (name, content) => {
    const { batches, failure } = await read(name, content);
    expect([failure, batches[0]?.counts['health_value']]).toMatchObject([
      undefined,
      { received: 3, new: 3 },
    ]);
    expect(await values()).toEqual(three);
    expect(
      await home.rows(
        "select period, period_type, strftime(ends_on, '%d/%m') from staging.health_value where period_id = '2026Q1'",
      ),
    ).toEqual([['2026-Q1', 'Quarterly', '31/03']]);
  });

  it('ADX disaggregations are a part of the key, in the order of their names, a group’s too', async () => {
    await read(
      'a.xml',
      `<adx xmlns="urn:ihe:qrph:adx:2015"><group dataSet="S" mechanism="M1" period="2026-01-01/P1M" orgUnit="x">
      <dataValue dataElement="A" Sex="F" Age="u5" value="1"/><dataValue dataElement="A" Age="o5" Sex="F" value="2"/></group></adx>`,
    );
    expect(
      await home.rows('select disaggregation, value from staging.health_value order by 2'),
    ).toEqual([
      ['mechanism=M1|Age=u5|Sex=F', '1'],
      ['mechanism=M1|Age=o5|Sex=F', '2'],
    ]);
  });

  it('B24 B40 a deleted value leaves, whatever its text; an older version changes nothing', async () => {
    const set = (...records: object[]) =>
      JSON.stringify({
        dataValues: records.map((one) => ({
          dataElement: 'A',
          period: '202601',
          orgUnit: 'x',
          ...one,
        })),
      });
    await read('1.json', set({ value: '5', lastUpdated: '2026-02-02T10:00:00.000+0000' }));
    const older = await read('2.json', set({ value: '4', lastUpdated: '2026-02-02T10:00:00' }));
    expect(older.batches.at(-1)?.counts['health_value']).toMatchObject({ changed: 1 });
    expect((await values())[0]?.[4]).toBe('5');
    const gone = await read(
      '3.json',
      set({ value: '', deleted: true, lastUpdated: '2026-03-01T00:00:00' }),
    );
    expect(gone.batches.at(-1)?.counts['health_value']).toMatchObject({ changed: 1, deleted: 1 });
    expect(await values()).toEqual([]);
  });

  it('B30 B32 B42 bad rows are quarantined with their reason: no value, no such period, no element', async () => {
    const { batches } = await read(
      'a.csv',
      'dataelement,period,orgunit,value\nA,202601,x,1\nA,202613,x,1\nA,202601,y,\n,202601,x,1\nA,202601\n',
    );
    expect(batches[0]?.counts['health_value']).toMatchObject({
      received: 5,
      new: 1,
      quarantined: 4,
    });
    expect(
      await home.rows('select reason, field, value from meta.quarantine order by all'),
    ).toEqual([
      ['date-invalid', 'starts_on', '202613'],
      ['line-missing-columns', null, null],
      ['value-missing', 'data_element', null],
      ['value-missing', 'value', null],
    ]);
  });

  it.each([
    ['a.json', '', 'file-empty'],
    ['a.xml', '', 'file-empty'],
    ['a.json', '{"dataValues":[{"dataEl', 'file-not-json'],
    ['a.json', '{"features":[]}', 'content-unknown'],
    [
      'a.xml',
      '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><dataValueSet>&e;</dataValueSet>',
      'xml-dtd',
    ],
    ['a.xml', '<gml><x/></gml>', 'content-unknown'],
    ['a.xml', '<dataValueSet><dataValue ', 'xml-truncated'],
    ['a.csv', 'name,uid\nx,y\n', 'content-unknown'],
  ])('H06/H07 %s %s is refused: %s', async (name, content, code) => {
    expect((await read(name, content)).batches).toMatchObject([
      { status: 'failed', findings: [code] },
    ]);
  });

  it('V9 lands nothing of an export of users with passwords', async () => {
    expect(
      await read('users.json', '{"users":[{"userCredentials":{"password":"Mat-Khau-1"}}]}'),
    ).toMatchObject({
      batches: [],
      failure: { code: 'file-secret' },
    });
    expect(readdirSync(join(home.landingRoot, 'sha256'))).toEqual([]);
  });

  it('reads lists of JSON and CSV: rows that end early, a code in place of an id', async () => {
    await read(
      'a.json',
      JSON.stringify({
        organisationUnits: [
          {
            id: 'x1',
            name: 'Trạm y tế',
            parent: { id: 'q1' },
            openingDate: '2020-04-05T00:00:00.000',
            level: 3,
          },
        ],
        dataSets: [{ id: 's1', name: 'Biểu 1', periodType: 'Monthly' }],
      }),
    );
    await read(
      'b.csv',
      'name,uid,code,shortname,description,formname,domaintype\n"Tiêm BCG",,"D0001","BCG"\n',
    );
    expect(
      await home.rows(
        "select id, parent_id, level::varchar, strftime(opened_on, '%Y-%m-%d') from staging.health_org_unit",
      ),
    ).toEqual([['x1', 'q1', '3', '2020-04-05']]);
    expect(await home.rows('select id, name from staging.health_data_element')).toEqual([
      ['D0001', 'Tiêm BCG'],
    ]);
    expect(await home.rows('select period_type from staging.health_data_set')).toEqual([
      ['Monthly'],
    ]);
  });
});

describe('the server', () => {
  const list = (name: string, records: readonly object[], total = records.length) =>
    fault.json({ pager: { page: 1, total }, [name]: records });
  const lists = {
    '/api/organisationUnits.json': list('organisationUnits', [{ id: 'x', name: 'X' }]),
    '/api/dataElements.json': list('dataElements', [{ id: 'A', name: 'A' }]),
    '/api/categoryOptionCombos.json': list('categoryOptionCombos', [{ id: 'c', name: 'c' }]),
    '/api/dataSets.json': list('dataSets', [{ id: 's', name: 's' }]),
  };
  const value = (n: number, more = {}) => ({
    dataElement: 'A',
    period: `20260${n}`,
    orgUnit: 'x',
    value: String(n),
    lastUpdated: `2026-0${n}-15T08:00:00.000`,
    ...more,
  });
  const ask = async (
    script: Parameters<typeof fault.startFaultServer>[0],
    more = {},
    config = {},
    user: object = { username: 'ioc' },
  ) => {
    const server = await fault.startFaultServer({ ...lists, ...script });
    try {
      const outcome = await home.ingest(
        lenient,
        {
          base: server.url,
          ...user,
          dataSets: ['s'],
          orgUnits: ['x'],
          pageSize: 2,
          ...config,
        },
        { secrets: { password: 'mat-khau' }, ...more },
      );
      return { ...outcome, requests: server.requests };
    } finally {
      await server.close();
    }
  };
  const pages = (...sets: readonly (readonly object[])[]) => [
    ...sets.map((records) => fault.json({ dataValues: records })),
    fault.json({}),
  ];

  it('B03 B13 B24 reads lists whole and values in pages up to an empty one; later what changed, with deletions', async () => {
    const first = await ask({ '/api/dataValueSets.json': pages([value(1), value(2)], [value(3)]) });
    expect(first.failure).toBeUndefined();
    expect(first.batches.map(({ key, status }) => [key, status])).toEqual([
      ['organisationUnits', 'published'],
      ['dataElements', 'published'],
      ['categoryOptionCombos', 'published'],
      ['dataSets', 'published'],
      ['dataValueSets:2000-01-01', 'published'],
    ]);
    expect(first.cursor).toEqual({ updated: '2026-03-15T01:00:00.000Z' });
    const again = await ask(
      {
        '/api/dataValueSets.json': pages([
          value(3, { deleted: true, lastUpdated: '2026-03-20T00:00:00' }),
        ]),
      },
      { cursor: first.cursor },
    );
    const asked = again.requests.find(({ path }) => path.includes('dataValueSets'));
    expect(asked?.path).toContain('lastUpdated=2026-03-14T08%3A00%3A00&limit=2&offset=0');
    expect(asked?.path).toContain('includeDeleted=true');
    expect(again.batches.at(-1)?.counts['health_value']).toMatchObject({ received: 1, deleted: 1 });
    expect((await values()).length).toBe(2);
  });

  it('B18 a list that is shorter than its total is not published; B19 a moving total is read again', async () => {
    const short = await ask({
      '/api/dataElements.json': [
        list('dataElements', [{ id: 'A' }], 2),
        list('dataElements', [], 2),
      ],
    });
    expect(short.failure).toMatchObject({ code: 'page-missing' });
    const moving = await ask({
      '/api/dataElements.json': [
        list('dataElements', [{ id: 'A' }], 2),
        list('dataElements', [{ id: 'B' }], 3),
        list('dataElements', [{ id: 'A' }, { id: 'B' }]),
      ],
      '/api/dataValueSets.json': pages(),
    });
    expect(moving.failure).toBeUndefined();
  });

  it('B24 B28 analytics cells are found by header names; every query is replaced whole', async () => {
    const answer = (rows: readonly (readonly string[])[]) =>
      fault.json({
        headers: ['ou', 'dx', 'gtM', 'pe', 'value'].map((name) => ({ name })),
        height: rows.length,
        rows,
      });
    const config = {
      analytics: [{ name: 'thang', dimension: ['dx:A', 'pe:LAST_12_MONTHS', 'ou:x'] }],
    };
    const script = (rows: readonly (readonly string[])[]) => ({
      '/api/dataValueSets.json': pages(),
      '/api/analytics.json': answer(rows),
    });
    await ask(
      script([
        ['x', 'A', 'nữ', '202601', '1.50'],
        ['x', 'A', 'nam', '202601', '2'],
      ]),
      {},
      config,
    );
    await ask(script([['x', 'A', 'nữ', '202601', '1.5']]), {}, config);
    expect(
      await home.rows(
        'select query, data_item, period, org_unit, breakdown, value::varchar from staging.health_analytics',
      ),
    ).toEqual([['thang', 'A', '2026-01', 'x', 'gtM=nữ', '1.500000000000']]);
  });

  it.each([
    ['A33 401', fault.status(401), 'access-refused'],
    [
      '409 with its code',
      fault.json(
        { httpStatusCode: 409, status: 'ERROR', errorCode: 'E2006', message: 'no org unit' },
        409,
      ),
      'source-error',
    ],
    ['A31 an error in HTTP 200', fault.json({ status: 'ERROR', message: 'x' }), 'source-error'],
    ['A30 a login page', fault.answer('<html>Đăng nhập</html>'), 'answer-not-json'],
    ['B14 a repeated page', fault.json({ dataValues: [value(1)] }), 'page-repeats'],
  ])('%s ends in a reason', async (_what, answer, code) => {
    const { failure, batches } = await ask({ '/api/dataValueSets.json': answer });
    expect([failure?.code, batches.length]).toEqual([code, 4]);
    expect(JSON.stringify(failure)).not.toContain('mat-khau');
  });

  it('signs in with a personal access token where there is no user name', async () => {
    const { requests } = await ask({ '/api/dataValueSets.json': pages() }, {}, {}, {});
    expect(requests[0]?.headers['authorization']).toBe('ApiToken mat-khau');
  });
});

const shared = join(import.meta.dirname, '../../../shared/data/health-dhis2');

describe.skipIf(!existsSync(shared))(
  'files made by others (skipped without the shared data folder)',
  () => {
    /** Counts what a file holds by a way of its own: tags, array members or lines. */
    const oracle = (path: string, text: string): Readonly<Record<string, number>> => {
      if (path.endsWith('.xml')) return { health_value: text.match(/<dataValue\s/g)?.length ?? 0 };
      if (path.endsWith('.csv')) {
        const [header = '', ...lines] = text.trim().split('\n');
        if (/dataelement/i.test(header)) return { health_value: lines.length };
        return /domain ?type/i.test(header)
          ? { health_data_element: lines.length }
          : { health_org_unit: lines.length };
      }
      const body = JSON.parse(text) as Record<string, unknown[] | undefined>;
      const names = {
        dataValues: 'health_value',
        organisationUnits: 'health_org_unit',
        dataElements: 'health_data_element',
        categoryOptionCombos: 'health_category_option_combo',
        dataSets: 'health_data_set',
      };
      return Object.fromEntries(
        Object.entries(names).map(([member, stream]) => [stream, body[member]?.length ?? 0]),
      );
    };
    /** Refused with a reason; the list is in docs/formats.md. */
    const refused: Readonly<Record<string, string>> = {
      'empty_file.json': 'file-empty',
      'empty_file.xml': 'file-empty',
      'users.json': 'file-secret',
      'userRoles.json': 'content-unknown',
      'userGroups.json': 'content-unknown',
      'metadata_viz_expr_dim_item.json': 'content-unknown',
      'metadata_viz_expr_ref.json': 'content-unknown',
      'optionSet_add.csv': 'content-unknown',
      'optionSet_update.csv': 'content-unknown',
      'optionSet_update_duplicate.csv': 'content-unknown',
      'optionSets.csv': 'content-unknown',
      'option_group_set.csv': 'content-unknown',
      'option_group_set_members.csv': 'content-unknown',
      'option_groups.csv': 'content-unknown',
      'option_set.csv': 'content-unknown',
      'organisationUnitGroup.csv': 'content-unknown',
      'organisationUnitGroup_members.csv': 'content-unknown',
    };
    const files = existsSync(shared)
      ? readdirSync(shared, { recursive: true, encoding: 'utf8' })
          .filter((path) => /^(integration|e2e)\/.*\.(json|csv|xml)$/.test(path))
          .toSorted()
      : [];

    it.each(files)('%s', async (path) => {
      const bytes = readFileSync(join(shared, path));
      const name = basename(path);
      const { batches, failure } = await read(name, bytes);
      const code = refused[name];
      if (code !== undefined) {
        expect(failure?.code ?? batches[0]?.findings[0]).toBe(code);
        return;
      }
      expect([failure, batches[0]?.findings]).toEqual([undefined, []]);
      const counted = Object.entries(oracle(path, bytes.toString()));
      for (const [stream, rows] of counted)
        expect([stream, batches[0]?.counts[stream]?.received]).toEqual([stream, rows]);
    });
  },
);
