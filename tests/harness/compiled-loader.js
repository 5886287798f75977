import { existsSync } from 'node:fs';
import { register } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isMainThread } from 'node:worker_threads';

/**
 * After `typescript-loader.js`: imports of the product's own `.ts` files find their compiled twins in `dist/` (or in the
 * directory `PHUSA_COMPILED`), so that a child process starts as fast as the product does. `npm install` compiles.
 */
if (isMainThread) register(import.meta.url);

const root = path.resolve(import.meta.dirname, '../..');
const compiled = process.env['PHUSA_COMPILED'] ?? path.join(root, 'dist');

/** Node's resolve hook. */
export async function resolve(specifier, context, nextResolve) {
  const found = await nextResolve(specifier, context);
  if (!found.url.startsWith('file:') || !found.url.endsWith('.ts')) return found;
  const place = path.relative(root, fileURLToPath(found.url));
  if (place.startsWith('..') || place.startsWith('tests')) return found;
  const twin = path.join(compiled, place.replace(/\.ts$/, '.js'));
  if (!existsSync(twin)) throw new Error(`${twin} is missing: run npm run build`);
  return { ...found, url: pathToFileURL(twin).href, format: 'module' };
}
