import { afterAll, beforeAll, expect, it } from 'vitest';
import { issuedEditions } from '../end-to-end/issued-editions.ts';
import {
  openCorrectedHome,
  printedRefs,
  traceIn,
  type CorrectedHome,
} from '../end-to-end/corrected-home.ts';

let made: CorrectedHome;
beforeAll(async () => {
  made = await openCorrectedHome();
});
afterAll(async () => {
  await made.home.close();
  made.remove();
});

it('every figure of a bulletin and of its correction goes the whole way to landed bytes, and is equal', async () => {
  const wrong: string[] = [];
  for (const { manifest } of issuedEditions(made.directory)) {
    for (const cell of printedRefs(manifest.document)) {
      const ref = `${manifest.reference}#${cell}`;
      const { equal, figure, batches } = await traceIn(made.home, ref);
      const counted = Number(figure.value ?? 0) !== 0;
      if (!equal || (counted && batches.length === 0)) wrong.push(ref);
    }
  }
  expect(wrong).toEqual([]);
});
