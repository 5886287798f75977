import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sdmx } from '../../connectors/sdmx/connector.ts';
import * as fault from '../harness/fault-server.ts';
import { describeConnector } from './connector.ts';

const message = (
  indicator: string,
) => `<m:StructureSpecificData xmlns:m="m" xmlns:s="s" xmlns:c="c">
  <m:Header><m:Prepared>2026-11-01T01:00:00Z</m:Prepared><m:Structure structureID="S" dimensionAtObservation="TIME_PERIOD">
  <c:Structure><Ref agencyID="TCTK" id="DANSO"/></c:Structure></m:Structure></m:Header>
  <m:DataSet s:structureRef="S"><Series REF_AREA="VN" INDICATOR="${indicator}"><Obs TIME_PERIOD="2025" OBS_VALUE="1.5"/></Series></m:DataSet></m:StructureSpecificData>`;

describeConnector(sdmx, () => {
  const base = mkdtempSync(join(tmpdir(), 'phusa-trial-'));
  const files = {
    'a.xml': message('A'),
    'b.csv':
      'STRUCTURE,STRUCTURE_ID,ACTION,INDICATOR,TIME_PERIOD,OBS_VALUE\ndataflow,TCTK:DANSO(1.0),I,B,2025,2\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(base, name), text);
  return Promise.resolve({
    config: { base, publisher: 'TCTK' },
    badConfigs: [[{ base: '', publisher: '', measures: [], vintages: { A: 'x' } }, 4]],
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

describeConnector(sdmx, async () => {
  const service = await fault.startFaultServer({
    '/data/A': fault.answer(message('A')),
    '/data/B': fault.answer(message('B')),
  });
  const hostile = await fault.startFaultServer({
    '/data/A': fault.answer(message('A').slice(0, 300)),
    '/data/B': fault.answer('<html>bảo trì</html>'),
  });
  let base = service.url;
  return {
    get config() {
      return {
        base,
        publisher: 'TCTK',
        flows: [
          { name: 'a', path: 'data/A' },
          { name: 'b', path: 'data/B' },
        ],
      };
    },
    badConfigs: [[{ base: 'https://x.vn', publisher: 'x' }, 1]],
    spoil: () => {
      base = hostile.url;
      return Promise.resolve();
    },
    close: async () => {
      await service.close();
      await hostile.close();
    },
  };
});
