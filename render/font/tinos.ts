import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cleanText } from '../clean-text.ts';
import { readTrueType, type FontMetrics } from './true-type.ts';

/** Tinos has the metrics of Times New Roman, all Vietnamese letters and a free licence. */
const requirePackage = createRequire(import.meta.url);

function fontPath(file: string): string {
  return requirePackage.resolve(`@expo-google-fonts/tinos/${file}`);
}

/** The four font files by the names pdfmake gives the styles. */
export const TINOS_FILES = {
  normal: fontPath('400Regular/Tinos_400Regular.ttf'),
  bold: fontPath('700Bold/Tinos_700Bold.ttf'),
  italics: fontPath('400Regular_Italic/Tinos_400Regular_Italic.ttf'),
  bolditalics: fontPath('700Bold_Italic/Tinos_700Bold_Italic.ttf'),
} as const;

export type FontWeight = 'normal' | 'bold';

const loaded = new Map<FontWeight, FontMetrics>();

function metricsOf(weight: FontWeight): FontMetrics {
  const known = loaded.get(weight);
  if (known) return known;
  const metrics = readTrueType(readFileSync(TINOS_FILES[weight]));
  loaded.set(weight, metrics);
  return metrics;
}

/** Width of one line of text in points, from the advances of Tinos. */
export function textWidth(text: string, fontSize: number, weight: FontWeight = 'normal'): number {
  const metrics = metricsOf(weight);
  let em = 0;
  for (const character of text) em += metrics.advance(character.codePointAt(0) ?? 0) ?? 1;
  return em * fontSize;
}

/** Clean text in which every character has a glyph: what the font cannot draw becomes U+FFFD. */
export function printableText(text: string): string {
  const metrics = metricsOf('normal');
  return Array.from(cleanText(text), (character) =>
    character === '\n' || metrics.advance(character.codePointAt(0) ?? 0) !== null ? character : '?',
  ).join('');
}
