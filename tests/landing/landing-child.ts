import { openLandingStore } from '../../warehouse/landing/directory-store.ts';

const [root = ''] = process.argv.slice(2);
const store = await openLandingStore({ root, clock: { now: () => new Date() } });
const batch = await store.open({
  batch: 'killed',
  key: 'k',
  source: 'covid',
  connector: 'covid-daily',
  connectorVersion: '1',
});
for (let n = 0; n < 5; n += 1)
  await batch.land({ name: String(n), bytes: new TextEncoder().encode(`file ${n}`) });
await store.seal('killed');
