import { join } from 'node:path';
import { openControlStore } from '../../control/store.ts';
import { deliverEdition } from '../../delivery/deliver-edition.ts';

const [root = '', smtpUrl = '', edition = ''] = process.argv.slice(2);
const clock = { now: (): Date => new Date() };
const store = await openControlStore({
  database: { kind: 'sqlite', path: join(root, 'control.sqlite') },
  clock,
});
await deliverEdition({
  store,
  clock,
  smtpUrl,
  edition,
  files: [],
  recipients: [{ kind: 'mail', address: 'an@city.test' }],
  subject: 'Bản tin',
  body: `pid ${process.pid}`,
});
