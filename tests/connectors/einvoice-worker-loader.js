import { register } from 'node:module';

/** Lets a worker thread run our TypeScript on Node 20; the harness loader registers itself on the main thread only. */
register(new URL('../harness/typescript-loader.js', import.meta.url));
