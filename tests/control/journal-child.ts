import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { openControlStore } from '../../control/store.ts';

const [root = ''] = process.argv.slice(2);
const store = await openControlStore({
  database: { kind: 'sqlite', path: join(root, 'control.sqlite') },
  clock: { now: () => new Date() },
});
for (let n = 0; ; n += 1) {
  await store.decide((journal) =>
    journal.record({
      kind: 'batch.landed',
      subject: `b${n % 7}`,
      actor: 'system',
      data: { status: 'landed', n },
    }),
  );
  writeSync(1, `${n}\n`);
}
