import { loadBatches } from './load-batches.ts';

// Run by crash.test.ts in a child process: CRASH_AT may kill it.
const [directory = '', batches = '0'] = process.argv.slice(2);
await loadBatches(directory, Number(batches));
