import { describeFaultSweep, type SweptKind } from '../harness/fault-sweep.ts';
import * as fault from '../harness/fault-server.ts';
import { mapLayer, points } from '../harness/map-server.ts';

const label = { vi: 'x', en: 'x' };
const province = { id: 2, case_by_day: { '18/3/2020': 1, '19/3/2020': 4 }, death_by_day: {} };
const dimension = (codes: readonly string[], name: string) => ({
  label: name,
  category: {
    index: Object.fromEntries(codes.map((code, n) => [code, n])),
    label: Object.fromEntries(codes.map((code) => [code, code])),
  },
});
const cube = {
  version: '2.0',
  class: 'dataset',
  label: 'T',
  id: ['Nam'],
  size: [3],
  role: { time: ['Nam'] },
  dimension: { Nam: dimension(['2021', '2022', '2023'], 'Năm') },
};
const message = `STRUCTURE,STRUCTURE_ID,ACTION,INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE\n${[
  2021, 2022, 2023,
]
  .map((year) => `dataflow,TK:A(1.0),I,DS,VN,${year},${year}5`)
  .join('\n')}\n`;

const kinds: readonly SweptKind[] = [
  {
    name: 'arcgis',
    routes: () => mapLayer({ features: () => points(3) }),
    spoiled: '/0/query',
    marked: mapLayer({ features: () => points(3), before: '\ufeff' })['/0/query'],
    body: JSON.stringify({ spatialReference: { wkid: 4326 }, features: points(3) }),
    config: (base) => ({
      base,
      layers: [
        {
          id: 'point',
          path: '0',
          label,
          key: ['code'],
          columns: [{ name: 'code', from: 'MA', type: 'varchar', label }],
        },
      ],
    }),
    rows: 'select code from staging.map_point order by 1',
    expected: ['D0001', 'D0002', 'D0003'],
  },
  {
    name: 'province-covid',
    routes: () => ({
      '/covid/provinces': fault.json([{ id: 2, name: 'A' }]),
      '/covid/province/2': fault.json(province),
    }),
    spoiled: '/covid/province/2',
    body: JSON.stringify(province),
    config: (base) => ({ base, vaccines: false }),
    rows: 'select report_day::varchar from staging.covid_province_day order by 1',
    expected: ['2020-03-18', '2020-03-19'],
  },
  {
    name: 'pxweb',
    routes: () => ({
      '/tables/T/metadata': fault.json(cube),
      '/tables/T/data': fault.json({ ...cube, value: [1, 2, 3] }),
    }),
    spoiled: '/tables/T/data',
    body: JSON.stringify({ ...cube, value: [1, 2, 3] }),
    config: (base) => ({
      base,
      publisher: 'tk',
      version: 'v2',
      maxCalls: 1000,
      tables: [{ id: 'T', path: 'T' }],
    }),
    rows: 'select period from staging.socioeconomic_figure order by 1',
    expected: ['2021', '2022', '2023'],
  },
  {
    name: 'sdmx',
    routes: () => ({ '/data/A': fault.answer(message) }),
    spoiled: '/data/A',
    body: message,
    config: (base) => ({ base, publisher: 'tk', flows: [{ name: 'A', path: 'data/A' }] }),
    rows: 'select period from staging.socioeconomic_figure order by 1',
    expected: ['2021', '2022', '2023'],
  },
];

for (const kind of kinds) describeFaultSweep(kind);
