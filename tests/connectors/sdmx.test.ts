import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sdmx } from '../../connectors/sdmx/connector.ts';
import * as fault from '../harness/fault-server.ts';
import { openSourceHome, type SourceHome } from '../harness/source-home.ts';

let home: SourceHome;
let directory: string;
beforeEach(async () => {
  home = await openSourceHome();
  directory = mkdtempSync(join(tmpdir(), 'phusa-sdmx-'));
});
afterEach(async () => {
  await home.remove();
  rmSync(directory, { recursive: true });
});

const lenient = {
  ...sdmx,
  streams: (config: Parameters<typeof sdmx.streams>[0]) =>
    sdmx.streams(config).map((stream) => ({ ...stream, holdAbove: 1 })),
};
const read = async (name: string, content: string | Uint8Array, more: object = {}) => {
  writeFileSync(join(directory, name), content);
  const outcome = await home.ingest(lenient, { base: directory, publisher: 'TCTK', ...more });
  rmSync(join(directory, name));
  return outcome;
};
const figures = () =>
  home.rows(`select dataset, indicator, area, period, breakdown, vintage, value::varchar, unit, multiplier::varchar, status
    from staging.socioeconomic_figure order by all`);

const header = (atObservation: string, more = '') => `<m:Header><m:ID>x</m:ID><m:Test>false</m:Test>
  <m:Prepared>2026-11-01T08:00:00+07:00</m:Prepared><m:Sender id="TCTK"/>
  <m:Structure structureID="S" dimensionAtObservation="${atObservation}"><c:Structure><Ref agencyID="TCTK" id="DANSO" version="1.0"/></c:Structure></m:Structure>${more}</m:Header>`;
const names = 'xmlns:m="m" xmlns:c="c" xmlns:g="g" xmlns:s="s" xmlns:xsi="x"';
const specific = (body: string, more = '') =>
  `<?xml version="1.0"?><m:StructureSpecificData ${names}>${header('TIME_PERIOD', more)}${body}</m:StructureSpecificData>`;
const generic = (atObservation: string, body: string) =>
  `<?xml version="1.0"?><m:GenericData ${names}>${header(atObservation)}${body}</m:GenericData>`;
const value = (id: string, text: string) => `<g:Value id="${id}" value="${text}"/>`;
const attributes = (...pairs: readonly string[]) =>
  `<g:Attributes>${pairs.join('')}</g:Attributes>`;
const key =
  value('REF_AREA', 'VN') + value('INDICATOR', 'POP') + value('SEX', '_T') + value('AGE', '_Z');
const common = value('UNIT_MULT', '3') + value('UNIT_MEASURE', 'PERSON');

const csvText = (separator: ',' | ';', comma: string) =>
  [
    [
      'STRUCTURE',
      'STRUCTURE_ID',
      'ACTION',
      'SEX',
      'INDICATOR',
      'REF_AREA',
      'AGE',
      'TIME_PERIOD',
      'OBS_VALUE',
      'UNIT_MULT',
      'UNIT_MEASURE',
      'OBS_STATUS',
    ],
    [
      'dataflow',
      'TCTK:DANSO(1.0)',
      'I',
      '_T',
      'POP',
      'VN',
      '',
      '2025',
      `100309${comma}20866603316`,
      '3',
      'PERSON',
      'A',
    ],
    [
      'dataflow',
      'TCTK:DANSO(1.0)',
      'I',
      '_T',
      'POP',
      'VN',
      '',
      '2026',
      `101${comma}5`,
      '3',
      'PERSON',
      'P',
    ],
  ]
    .map((cells) => cells.join(separator))
    .join('\r\n');

/** One table in every shape of the standard. */
const shapes: Readonly<Record<string, string>> = {
  'ml 2.1 structure-specific, time series.xml':
    specific(`<m:DataSet s:structureRef="S" xsi:type="t:DataSetType">
    <Series REF_AREA="VN" INDICATOR="POP" SEX="_T" AGE="_Z" UNIT_MULT="3" UNIT_MEASURE="PERSON">
    <Obs TIME_PERIOD="2025" OBS_VALUE="100309.20866603316" OBS_STATUS="A"/><Obs TIME_PERIOD="2026-A1" OBS_VALUE="101.5" OBS_STATUS="P"/></Series></m:DataSet>`),
  'ml 2.1 structure-specific, flat with group.xml': specific(`<m:DataSet s:structureRef="S">
    <Group xsi:type="t:Sibling" REF_AREA="VN" INDICATOR="POP" UNIT_MULT="3" UNIT_MEASURE="PERSON"/>
    <Group xsi:type="t:Sibling" REF_AREA="LA" INDICATOR="POP" UNIT_MULT="6"/>
    <Obs REF_AREA="VN" INDICATOR="POP" SEX="_T" AGE="_Z" TIME_PERIOD="2025" OBS_VALUE="100309.20866603316" OBS_STATUS="A"/>
    <Obs REF_AREA="VN" INDICATOR="POP" SEX="_T" AGE="_Z" TIME_PERIOD="2026-01-01/P1Y" OBS_VALUE="101.5" OBS_STATUS="P"/></m:DataSet>`),
  'ml 3.0 complex attributes.xml': `<?xml version="1.0"?><m:StructureSpecificData ${names}><m:Header><m:Prepared>2026-11-01T01:00:00Z</m:Prepared>
    <m:Structure structureID="S" dimensionAtObservation="TIME_PERIOD"><c:StructureUsage>urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=TCTK:DANSO(1.0)</c:StructureUsage></m:Structure></m:Header>
    <m:DataSet s:structureRef="S"><Series REF_AREA="VN" INDICATOR="POP" SEX="_T" AGE="_Z" UNIT_MULT="3"><Comp id="UNIT_MEASURE"><Value>PERSON</Value></Comp>
    <Obs TIME_PERIOD="2025" OBS_VALUE="100309.20866603316"><Comp id="OBS_STATUS"><Value>A</Value></Comp></Obs>
    <Obs TIME_PERIOD="2026" OBS_VALUE="101.5"><Comp id="OBS_STATUS"><Value>P</Value></Comp></Obs></Series></m:DataSet></m:StructureSpecificData>`,
  'ml 2.1 generic, time series.xml': generic(
    'TIME_PERIOD',
    `<m:DataSet structureRef="S"><g:Series><g:SeriesKey>${key}</g:SeriesKey>${attributes(common)}
    <g:Obs><g:ObsDimension value="2025"/><g:ObsValue value="100309.20866603316"/>${attributes(value('OBS_STATUS', 'A'))}</g:Obs>
    <g:Obs><g:ObsDimension value="2026"/><g:ObsValue value="101.5"/>${attributes(value('OBS_STATUS', 'P'))}</g:Obs></g:Series></m:DataSet>`,
  ),
  'ml 2.1 generic, flat.xml': generic(
    'AllDimensions',
    `<m:DataSet structureRef="S">${[
      ['2025', '100309.20866603316', 'A'],
      ['2026', '101.5', 'P'],
    ]
      .map(
        ([year = '', text = '', status = '']) =>
          `<g:Obs><g:ObsKey>${key}${value('TIME_PERIOD', year)}</g:ObsKey><g:ObsValue value="${text}"/>${attributes(common, value('OBS_STATUS', status))}</g:Obs>`,
      )
      .join('')}</m:DataSet>`,
  ),
  'ml 2.1 generic, cross-section.xml': generic(
    'SEX',
    `<m:DataSet structureRef="S">${[
      ['2025', '100309.20866603316', 'A'],
      ['2026', '101.5', 'P'],
    ]
      .map(
        ([year = '', text = '', status = '']) =>
          `<g:Series><g:SeriesKey>${value('REF_AREA', 'VN')}${value('INDICATOR', 'POP')}${value('TIME_PERIOD', year)}</g:SeriesKey>
          <g:Obs><g:ObsDimension value="_T"/><g:ObsValue value="${text}"/>${attributes(common, value('OBS_STATUS', status))}</g:Obs></g:Series>`,
      )
      .join('')}</m:DataSet>`,
  ),
  'csv 2.0.csv': csvText(',', '.'),
  'csv 2.0 with decimal commas.csv': csvText(';', ','),
  'csv 2.0 with labels.csv': csvText(',', '.')
    .replace('REF_AREA', 'REF_AREA: Địa bàn')
    .replaceAll(',VN,', ',VN: Việt Nam,'),
  'csv 1.0.csv': csvText(',', '.')
    .replace('STRUCTURE,STRUCTURE_ID,ACTION', 'DATAFLOW')
    .replaceAll('dataflow,TCTK:DANSO(1.0),I', 'TCTK:DANSO(1.0)'),
};
const jsonStructure = {
  links: [
    { urn: 'urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=TCTK:DANSO(1.0)', rel: 'dataflow' },
  ],
  dimensions: {
    dataSet: [
      { id: 'REF_AREA', keyPosition: 0, values: [{ id: 'VN' }] },
      { id: 'INDICATOR', keyPosition: 1, values: [{ id: 'POP' }] },
    ],
    series: [{ id: 'SEX', keyPosition: 2, values: [{ id: '_T' }] }],
    observation: [{ id: 'TIME_PERIOD', keyPosition: 3, values: [{ id: '2025' }, { id: '2026' }] }],
  },
  attributes: {
    dataSet: [{ id: 'UNIT_MEASURE', values: [{ id: 'PERSON' }] }],
    dimensionGroup: [{ id: 'UNIT_MULT', values: [{ id: '0' }, { id: '3' }] }],
    series: [],
    observation: [{ id: 'OBS_STATUS', values: [{ id: 'A' }, { id: 'P' }] }],
  },
};
const jsonText = (dataSets: object) =>
  JSON.stringify({
    meta: { prepared: '2026-11-01T01:00:00Z' },
    data: { structures: [jsonStructure], dataSets: [dataSets] },
  });
const seriesSet = {
  action: 'Information',
  attributes: [0],
  dimensionGroupAttributes: { '0:0::': [1] },
  series: { '0': { attributes: [], observations: { '0': [424242, 0], '1': [101.5, 1] } } },
};
const jsonShapes: Readonly<Record<string, string>> = {
  'json 2.0, time series.json': jsonText(seriesSet).replace('424242', '100309.20866603316'),
  'json 1.0, time series.json': JSON.stringify({
    header: { prepared: '2026-11-01T01:00:00Z' },
    structure: { ...jsonStructure, links: [{ href: 'https://x/rest/dataflow/TCTK/DANSO/1.0' }] },
    dataSets: [seriesSet],
  }).replace('424242', '100309.20866603316'),
};

describe('one table in every shape', () => {
  it.each(Object.entries({ ...shapes, ...jsonShapes }))('%s', async (name, text) => {
    const { batches, failure } = await read(name, text);
    expect([failure, batches[0]?.status, batches[0]?.counts['socioeconomic_figure']]).toMatchObject(
      [undefined, 'published', { received: 2, new: 2 }],
    );
    expect(await figures()).toEqual([
      [
        'TCTK:DANSO',
        'POP',
        'VN',
        '2025',
        'SEX=_T',
        '',
        '100309208.666033160000',
        'PERSON',
        '3',
        'A',
      ],
      [
        'TCTK:DANSO',
        'POP',
        'VN',
        '2026',
        'SEX=_T',
        'preliminary',
        '101500.000000000000',
        'PERSON',
        '3',
        'P',
      ],
    ]);
    expect(
      await home.rows(
        'select distinct aggregate_over, publisher from staging.socioeconomic_figure',
      ),
    ).toEqual([['SEX', 'TCTK']]);
  });

  it('B26 B37 B40 the later figure takes the place of the preliminary one, which goes to history; the way back is held', async () => {
    const name = 'csv 2.0.csv';
    const text = csvText(',', '.');
    await read(name, text);
    const preliminary = ['2026', 'preliminary', '101500.000000000000'];
    expect((await figures()).map((row) => [row[3], row[5], row[6]]).at(-1)).toEqual(preliminary);
    await read(name, text.replace('101.5', '102').replace(/,P$/m, ',A'));
    const settled = [
      ['2025', '', '100309208.666033160000'],
      ['2026', '', '102000.000000000000'],
    ];
    expect((await figures()).map((row) => [row[3], row[5], row[6]])).toEqual(settled);
    expect(
      await home.rows('select period, vintage, value::varchar from history.socioeconomic_figure'),
    ).toEqual([preliminary]);
    const { batches } = await read(name, text.replace('101.5', '103'));
    expect(batches.at(-1)).toMatchObject({ status: 'held', findings: ['stage-backwards'] });
    expect((await figures()).map((row) => [row[3], row[5], row[6]])).toEqual(settled);
  });

  it('several measures and several values: each measure is a figure', async () => {
    const text =
      'STRUCTURE[;],STRUCTURE_ID,ACTION,V1,V2,NOTE[],REF_AREA,TIME_PERIOD\ndataflow,A:B(1.0),I,12.4,12.5,X;Y,VN,2014-01\n';
    await read('a.csv', text, { dimensions: ['REF_AREA'], measures: ['V1', 'V2'] });
    expect((await figures()).map((row) => [row[4], row[6]])).toEqual([
      ['MEASURE=V1', '12.400000000000'],
      ['MEASURE=V2', '12.500000000000'],
    ]);
  });

  it('B30 B32 B42 missing values are figures without value; bad ones are quarantined with their reason', async () => {
    const line = (period: string, text: string, mult = '0') =>
      `dataflow,A:B(1.0),I,VN,${period},${text},${mult}\n`;
    const { batches } = await read(
      'a.csv',
      `STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA,TIME_PERIOD,OBS_VALUE,UNIT_MULT\n${line('2014', 'NaN')}${line('2015', '1e-3', '6')}${line('2016', '"1.234,5"')}${line('2014-T1', '1')}${line('2017', '1', 'x')}${line('2018', '')}`,
    );
    expect(batches[0]?.counts['socioeconomic_figure']).toMatchObject({
      received: 6,
      new: 3,
      quarantined: 3,
    });
    expect((await figures()).map((row) => [row[3], row[6]])).toEqual([
      ['2014', null],
      ['2015', '1000.000000000000'],
      ['2018', null],
    ]);
    expect(await home.rows('select reason, field from meta.quarantine order by all')).toEqual([
      ['date-invalid', null],
      ['integer-invalid', 'multiplier'],
      ['number-invalid', 'value'],
    ]);
  });
});

describe('delete actions', () => {
  const erase = (line: string) =>
    `STRUCTURE,STRUCTURE_ID,ACTION,SEX,INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE\n${line}\n`;
  const one = erase('dataflow,TCTK:DANSO(1.0),D,_T,POP,VN,2026,-');

  it('B24 hold until a person has approved the file; then the figure leaves', async () => {
    await read('1.csv', csvText(',', '.'));
    const held = await read('2.csv', one);
    expect(held.batches.at(-1)).toMatchObject({
      status: 'held',
      findings: ['delete-needs-approval'],
    });
    expect((await figures()).length).toBe(2);
    const approved = [createHash('sha256').update(one).digest('hex')];
    const gone = await read('2.csv', one, { approvedDeletions: approved });
    expect(gone.batches.at(-1)).toMatchObject({
      status: 'published',
      counts: { socioeconomic_figure: { deleted: 1 } },
    });
    expect((await figures()).map((row) => row[3])).toEqual(['2025']);
  });

  it.each([
    ['no key at all', 'dataflow,TCTK:DANSO(1.0),D,,,,,'],
    ['a part of a key', 'dataflow,TCTK:DANSO(1.0),D,_T,POP,VN,,'],
  ])('with %s hold even where approved', async (_what, line) => {
    await read('1.csv', csvText(',', '.'));
    const text = erase(line);
    const approvedDeletions = [createHash('sha256').update(text).digest('hex')];
    const { batches } = await read('2.csv', text, { approvedDeletions });
    expect(batches.at(-1)).toMatchObject({
      status: 'held',
      findings: expect.arrayContaining(['delete-wildcard']) as never,
    });
    expect((await figures()).length).toBe(2);
  });

  it('of XML and JSON too', async () => {
    const xml = specific(
      '<m:DataSet s:structureRef="S" s:action="Delete"><Series REF_AREA="VN" INDICATOR="POP" SEX="_T"><Obs TIME_PERIOD="2026"/></Series></m:DataSet>',
    );
    expect((await read('1.xml', xml)).batches[0]?.findings).toEqual(['delete-needs-approval']);
    expect(
      (await read('1.json', jsonText({ ...seriesSet, action: 'Delete' }))).batches[0]?.findings,
    ).toEqual(['delete-needs-approval']);
  });
});

describe('what is no data is refused', () => {
  const footer = (code: string) =>
    `<m:StructureSpecificData ${names}>${header('TIME_PERIOD')}<f:Footer xmlns:f="f"><f:Message code="${code}" severity="Infomation"><c:Text>Due to the large query: https://x/file.zip</c:Text></f:Message></f:Footer></m:StructureSpecificData>`;
  it.each([
    ['a.xml', `<m:Structure xmlns:m="m"/>`, 'structure-message'],
    ['a.xml', `<m:GenericMetadata xmlns:m="m"/>`, 'metadata-message'],
    ['a.xml', `<m:CodelistQuery xmlns:m="m"/>`, 'query-message'],
    ['a.xml', `<m:CompactData xmlns:m="m"/>`, 'cross-sectional'],
    ['a.xml', `<m:Error xmlns:m="m"/>`, 'source-error'],
    ['a.xml', `<x/>`, 'content-unknown'],
    ['a.xml', footer('413'), 'source-deferred'],
    ['a.xml', footer('500'), 'source-error'],
    ['a.xml', specific('<m:DataSet><Series').replace('</m:Structure', '</m:x'), 'xml-malformed'],
    ['a.xml', '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', 'xml-dtd'],
    ['a.json', '{"data":{"metadataSets":[]}}', 'metadata-message'],
    ['a.json', '{"data":{"codelists":[]}}', 'structure-message'],
    ['a.json', '{"errors":[{"code":500,"title":"x"}]}', 'source-error'],
    ['a.json', jsonText({ ...seriesSet, series: { '7': { observations: {} } } }), 'index-unknown'],
    ['a.json', '{"data":', 'file-not-json'],
    ['a.csv', 'a,b\n1,2\n', 'header-missing-column'],
    ['a.csv', 'DATAFLOW,REF_AREA,OBS_VALUE\nA:B(1.0),VN,1\n', 'header-missing-column'],
    ['a.csv', 'DATAFLOW,REF_AREA,TIME_PERIOD,ATTR\nA:B(1.0),VN,2014,1\n', 'header-missing-column'],
    ['a.csv', '', 'file-empty'],
  ])('%s %s: %s', async (name, text, code) => {
    const { batches } = await read(name, text);
    expect(batches).toMatchObject([{ status: 'failed', findings: [code] }]);
  });
});

describe('SDMX-REST', () => {
  const ask = async (
    script: Parameters<typeof fault.startFaultServer>[0],
    more = {},
    config = {},
  ) => {
    const server = await fault.startFaultServer(script);
    try {
      const outcome = await home.ingest(
        lenient,
        {
          base: server.url,
          publisher: 'TCTK',
          flows: [{ name: 'dan-so', path: 'data/TCTK,DANSO,1.0/all' }],
          ...config,
        },
        more,
      );
      return { ...outcome, requests: server.requests };
    } finally {
      await server.close();
    }
  };
  const path = '/data/TCTK,DANSO,1.0/all';
  const whole = shapes['ml 2.1 structure-specific, time series.xml'] ?? '';

  it('B03 B09 asks whole, then for what was updated, by the time of the source’s last answer', async () => {
    const first = await ask(
      { [path]: fault.answer(whole) },
      {},
      { asOf: '2026-11-15T00:00:00+07:00' },
    );
    expect(first.cursor).toEqual({ flows: { 'dan-so': '2026-11-01T01:00:00.000Z' } });
    expect(first.requests[0]?.path).toContain('asOf=2026-11-15T00%3A00%3A00%2B07%3A00');
    const changed = specific(
      '<m:DataSet s:structureRef="S" s:action="Replace"><Series REF_AREA="VN" INDICATOR="POP" SEX="_T" UNIT_MULT="3" UNIT_MEASURE="PERSON"><Obs TIME_PERIOD="2026" OBS_VALUE="104" OBS_STATUS="P"/></Series></m:DataSet>',
    );
    const later = await ask({ [path]: fault.answer(changed) }, { cursor: first.cursor });
    expect(later.requests[0]?.path).toContain('updatedAfter=2026-10-31T01%3A00%3A00.000Z');
    expect(later.batches[0]?.counts['socioeconomic_figure']).toMatchObject({
      received: 1,
      changed: 1,
    });
    const nothing = await ask({ [path]: fault.status(404) }, { cursor: first.cursor });
    expect([nothing.failure, nothing.batches]).toEqual([undefined, []]);
    expect((await figures()).length).toBe(2);
  });

  it.each([
    ['A30 a web page under HTTP 200', fault.answer('<html>bảo trì</html>'), 'content-unknown'],
    ['an empty body', fault.answer(''), 'answer-empty'],
    ['an archive', fault.answer('PK\u0003\u0004'), 'content-unknown'],
  ])('%s publishes nothing', async (_what, answer, code) => {
    const { failure, batches } = await ask({ [path]: answer });
    expect([failure?.code, batches]).toEqual([code, []]);
  });

  it('A35 B20 B22 404 to a first question is a failure, not "no data"; a footer under HTTP 200 fails the batch', async () => {
    expect((await ask({ [path]: fault.status(404) })).failure).toBeDefined();
    const deferred = whole.replace(
      /<m:DataSet.*<\/m:DataSet>/s,
      '<f:Footer xmlns:f="f"><f:Message code="413"><c:Text>later</c:Text></f:Message></f:Footer>',
    );
    expect((await ask({ [path]: fault.answer(deferred) })).batches).toMatchObject([
      { status: 'failed', findings: ['source-deferred'] },
    ]);
  });
});

const shared = join(import.meta.dirname, '../../../shared/data');

describe.skipIf(!existsSync(join(shared, 'sdmx')))(
  'messages made by others (skipped without the shared data folder)',
  () => {
    const file = (path: string) => readFileSync(join(shared, path));
    const table = () =>
      home.rows(
        'select indicator, area, period, breakdown, value::varchar, unit, multiplier::varchar, status from staging.socioeconomic_figure order by all',
      );
    const inShapes = async (folder: string, shapesOf: readonly string[]) => {
      const tables = [];
      for (const name of shapesOf) {
        const own = await openSourceHome();
        writeFileSync(join(directory, name), file(`${folder}/${name}`));
        const { batches } = await own.ingest(lenient, {
          base: directory,
          publisher: 'ECB',
          dataset: 'EXR',
        });
        expect([name, batches[0]?.status]).toEqual([name, 'published']);
        tables.push(
          await own.rows(
            'select indicator, area, period, breakdown, value::varchar, status from staging.socioeconomic_figure order by all',
          ),
        );
        rmSync(join(directory, name));
        await own.remove();
      }
      return tables;
    };

    it('ECB_EXR in six shapes of SDMX-ML gives one table', async () => {
      const tables = await inShapes('sdmx/sdmx-test-data/ECB_EXR', [
        'ng-flat.xml',
        'ng-flat-ss.xml',
        'ng-ts.xml',
        'ng-ts-ss.xml',
        'ng-ts-gf.xml',
        'ng-ts-gf-ss.xml',
      ]);
      const text = file('sdmx/sdmx-test-data/ECB_EXR/ng-flat-ss.xml').toString();
      const oracle = [
        ...text.matchAll(/CURRENCY="(\w+)".*?TIME_PERIOD="([\d-]+)" OBS_VALUE="([\d.]+)"/g),
      ].map(([, currency = '', period, text_ = '']) => [period, currency, Number(text_)]);
      const seen = tables[0]?.map((row) => [
        row[2],
        /CURRENCY=(\w+)/.exec(String(row[3]))?.[1],
        Number(row[4]),
      ]);
      expect(seen?.toSorted()).toEqual(oracle.toSorted());
      for (const one of tables) expect(one).toEqual(tables[0]);
    });

    it('ECB_EXR in three shapes of SDMX-JSON, 1.0 and 2.0, gives one table', async () => {
      const old = await inShapes('sdmx/sdmx-test-data/ECB_EXR', [
        'flat.json',
        'ts.json',
        'xs.json',
      ]);
      const twos = ['exr-flat.json', 'exr-time-series.json', 'exr-cross-section.json'];
      const other = await inShapes('sdmx/sdmx-json/data-samples/exr', twos);
      const third = await inShapes('sdmx/sdmx-test-data/v3/json/data', twos);
      expect(old[0]?.map((row) => [row[2], row[4]])).toEqual([
        ['2013-01-18', '1.593100000000'],
        ['2013-01-18', '40.342600000000'],
        ['2013-01-21', '1.592500000000'],
        ['2013-01-21', '40.300000000000'],
      ]);
      for (const one of [...old, ...other, ...third].slice(1)) expect(one).toEqual(old[0]);
    });

    /** Counts and sums by a way of its own. */
    const oracle = (text: string): readonly [number, number] => {
      const values = [
        ...text.matchAll(
          /<(?:\w+:)?Obs\s[^>]*?OBS_VALUE="([^"]*)"|<(?:\w+:)?ObsValue[^>]*?value="([^"]*)"/g,
        ),
      ].map(([, a, b]) => Number(a ?? b));
      return [values.length, values.reduce((sum, one) => sum + (Number.isNaN(one) ? 0 : one), 0)];
    };
    const messages = ['gso-vn/sdmx', 'sdmx/sdmx-test-data', 'sdmx/sdmx-json/data-samples'].flatMap(
      (folder) =>
        existsSync(join(shared, folder))
          ? readdirSync(join(shared, folder), { recursive: true, encoding: 'utf8' })
              .filter((path) => /\.(xml|json|csv)$/.test(path))
              .map((path) => `${folder}/${path}`)
              .toSorted()
          : [],
    );
    const csvConfig = {
      dimensions: ['DIM_1', 'DIM_2'],
      time: 'DIM_3',
      measures: ['OBS_VALUE', 'OBS_VALUE1', 'OBS_VALUE2'],
    };

    it.each(messages.filter((path) => path.endsWith('.xml')))('%s', async (path) => {
      const text = file(path).toString();
      const { batches } = await read(basename(path), file(path));
      const [batch] = batches;
      const root =
        /<(?:\w+:)?(Structure|RegistryInterface|GenericMetadata|StructureSpecificMetadata|\w+Query|GenericData|StructureSpecificData|\w+TimeSeriesData)[\s>]/.exec(
          text,
        )?.[1] ?? '';
      const isData = root.endsWith('Data') && !text.includes('explicitMeasures="true"');
      if (!isData) {
        expect([path, batch?.findings]).toEqual([
          path,
          [expect.stringMatching(/^(structure|metadata|query)-message|cross-sectional/)],
        ]);
        return;
      }
      const [count, sum] = oracle(text);
      expect([path, batch?.status, batch?.counts['socioeconomic_figure']?.received]).toEqual([
        path,
        'published',
        count,
      ]);
      const [[total = '0'] = []] = (await home.rows(
        'select coalesce(sum(value_as_given::double), 0)::varchar from staging.socioeconomic_figure where isfinite(try_cast(value_as_given as double))',
      )) as string[][];
      expect(Number(total)).toBeCloseTo(sum, 3);
    });

    it.each(messages.filter((path) => path.endsWith('.csv')))('%s', async (path) => {
      const { batches } = await read(basename(path), file(path), csvConfig);
      const [first = '', ...lines] = file(path).toString().trim().split(/\r?\n/);
      const measures = first.match(/OBS_VALUE\d?/g)?.length ?? 0;
      if (measures === 0) {
        expect([path, batches[0]?.findings]).toEqual([path, ['header-missing-column']]);
        return;
      }
      expect([
        path,
        batches[0]?.findings,
        batches[0]?.counts['socioeconomic_figure'],
      ]).toMatchObject([path, [], { received: lines.length * measures, quarantined: 0 }]);
    });

    const refusedJson: Readonly<Record<string, string>> = {
      'sdmx-test-data/v3/json/data/exr-action-delete.json': 'delete-needs-approval',
      'sdmx-test-data/v3/json/data/generated-sample.json': 'index-unknown',
      'sdmx-json/data-samples/generated-sample.json': 'index-unknown',
    };
    it.each(messages.filter((path) => path.endsWith('.json')))('%s', async (path) => {
      const { batches } = await read(basename(path), file(path));
      const code =
        refusedJson[path.replace('sdmx/', '')] ??
        (path.includes('/metadata/')
          ? 'metadata-message'
          : path.includes('/structure/')
            ? 'structure-message'
            : undefined);
      if (code !== undefined) {
        expect([path, batches[0]?.findings]).toEqual([path, [code]]);
        return;
      }
      const body = JSON.parse(file(path).toString()) as { data?: object };
      const sets = (
        (body.data ?? body) as { dataSets: readonly Record<string, object | undefined>[] }
      ).dataSets;
      const count = sets.reduce(
        (sum, set) =>
          sum +
          Object.keys(set['observations'] ?? {}).length +
          Object.values((set['series'] ?? {}) as Record<string, { observations?: object }>).reduce(
            (all, one) => all + Object.keys(one.observations ?? {}).length,
            0,
          ),
        0,
      );
      expect([
        path,
        batches[0]?.findings,
        batches[0]?.counts['socioeconomic_figure'],
      ]).toMatchObject([path, [], { received: count }]);
    });

    it('B31 the Vietnamese population of 2023 and its unit multiplier', async () => {
      await read('POPVNM.xml', file('gso-vn/sdmx/POPVNM.xml'));
      expect(
        await home.rows(
          "select value::varchar, value_as_given, multiplier::varchar from staging.socioeconomic_figure where indicator = 'LP_PE_NUM' and period = '2023'",
        ),
      ).toEqual([['100309208.666033160000', '100309.20866603316', '3']]);
      expect((await table()).length).toBeGreaterThan(10);
    });
  },
);
