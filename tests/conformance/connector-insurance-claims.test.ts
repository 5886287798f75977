import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { insuranceClaims } from '../../connectors/insurance-claims/connector.ts';
import { packageXml, wholeClaim } from '../connectors/claim-package.ts';
import { zipOf } from '../connectors/roster-bundle.ts';
import { describeConnector } from './connector.ts';

describeConnector(insuranceClaims, () => {
  const base = mkdtempSync(join(tmpdir(), 'phusa-trial-'));
  const files: Readonly<Record<string, Uint8Array>> = {
    'a.xml': Buffer.from(packageXml([wholeClaim('A'), wholeClaim('B')])),
    'b.zip': zipOf({ 'b.xml': packageXml([wholeClaim('C')]) }),
    'c.xml': Buffer.from(packageXml([wholeClaim('D')], { facility: '31002' })),
  };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(base, name), bytes);
  return Promise.resolve({
    config: { base },
    badConfigs: [[{ base: '', tolerance: -1, renamed: { a: 'b' } }, 3]],
    spoil: (how) => {
      for (const [name, bytes] of Object.entries(files))
        writeFileSync(
          join(base, name),
          how === 'cut' ? bytes.subarray(0, bytes.length / 2) : Buffer.from([0, 255, 10, 1]),
        );
      return Promise.resolve();
    },
    close: () => {
      rmSync(base, { recursive: true });
      return Promise.resolve();
    },
  });
});
