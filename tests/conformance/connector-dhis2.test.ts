import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dhis2 } from '../../connectors/dhis2/connector.ts';
import * as fault from '../harness/fault-server.ts';
import { describeConnector } from './connector.ts';

describeConnector(dhis2, () => {
  const base = mkdtempSync(join(tmpdir(), 'phusa-trial-'));
  const value = (element: string, period: string) =>
    JSON.stringify({ dataValues: [{ dataElement: element, period, orgUnit: 'x', value: '1' }] });
  const files = {
    'a.json': value('A', '202601'),
    'b.csv': 'dataelement,period,orgunit,value\nB,202602,x,2\n',
    'c.xml':
      '<dataValueSet><dataValue dataElement="C" period="2026W1" orgUnit="x" value="3"/></dataValueSet>',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(base, name), text);
  return Promise.resolve({
    config: { base },
    badConfigs: [[{ base: '', pageSize: 0, from: 'x' }, 3]],
    spoil: (how) => {
      for (const [name, text] of Object.entries(files))
        writeFileSync(
          join(base, name),
          how === 'cut' ? text.slice(0, text.length / 2) : Buffer.from([0, 255, 10, 1, 254]),
        );
      return Promise.resolve();
    },
    close: () => {
      rmSync(base, { recursive: true });
      return Promise.resolve();
    },
  });
});

describeConnector(dhis2, async () => {
  const list = (name: string, ...records: readonly object[]) =>
    fault.json({ pager: { total: records.length }, [name]: records });
  const values = fault.json({
    dataValues: [{ dataElement: 'A', period: '202601', orgUnit: 'x', value: '1' }],
  });
  const server = await fault.startFaultServer({
    '/api/organisationUnits.json': list('organisationUnits', { id: 'x', name: 'X' }),
    '/api/dataElements.json': list('dataElements', { id: 'A', name: 'A' }),
    '/api/categoryOptionCombos.json': list('categoryOptionCombos', { id: 'c', name: 'c' }),
    '/api/dataSets.json': list('dataSets', { id: 's', name: 's' }),
    '/api/dataValueSets.json': (socket, request) =>
      (request.path.includes('offset=0') ? values : fault.json({}))(socket, request),
    '/api/analytics.json': fault.json({
      headers: ['dx', 'pe', 'ou', 'value'].map((name) => ({ name })),
      rows: [['A', '202601', 'x', '1.0']],
    }),
  });
  const hostile = await fault.startFaultServer({
    '/api/organisationUnits.json': fault.answer('{"pager":{"to'),
  });
  let base = server.url;
  return {
    get config() {
      return {
        base,
        username: 'ioc',
        dataSets: ['s'],
        orgUnits: ['x'],
        analytics: [{ name: 'thang', dimension: ['dx:A', 'pe:202601', 'ou:x'] }],
      };
    },
    options: { secrets: { password: 'mat-khau-bi-mat' } },
    badConfigs: [
      [{ base: 'https://x.vn' }, 1],
      [{ base: 'https://x.vn', analytics: [{ name: 'A', dimension: [] }] }, 2],
    ],
    spoil: () => {
      base = hostile.url;
      return Promise.resolve();
    },
    close: async () => {
      await server.close();
      await hostile.close();
    },
  };
});
