import { createRequire } from 'node:module';
import { z } from 'zod';

/** Raised when our own layout changes, so that old editions name what made them. */
const LAYOUT_VERSION = 3;

const packageSchema = z.object({ version: z.string() });
const requirePackage = createRequire(import.meta.url);

function versionOf(name: string): string {
  const manifest: unknown = requirePackage(`${name}/package.json`);
  return `${name}@${packageSchema.parse(manifest).version}`;
}

/**
 * What makes the bytes: our layout, the writers and the font. A manifest names it; the same
 * document gives the same bytes for the same version.
 */
export const RENDERER_VERSION = [
  `phusa-layout@${LAYOUT_VERSION}`,
  ...['pdfmake', 'exceljs', 'echarts', 'fflate', '@expo-google-fonts/tinos'].map(versionOf),
].join(' ');
