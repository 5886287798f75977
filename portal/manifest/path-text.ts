import type { ManifestPath } from './manifest-text.ts';

/** `streams[0].columns[2].type` */
export function pathText(path: ManifestPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}
