import type { CrashPoint } from '../../core/crash-point.ts';

/** The named crash points with the case each stands for. */
export const crashPoints: readonly (readonly [string, CrashPoint])[] = [
  ['C01', 'after-fetch'],
  ['C02', 'raw-written'],
  ['C03', 'raw-renamed'],
  ['C04', 'staging'],
  ['C05', 'audited'],
  ['C06', 'before-commit'],
  ['C07', 'after-commit'],
];
