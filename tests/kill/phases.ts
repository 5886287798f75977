/** The phases of the main job, in order. */
export const phaseOrder = ['setup', 'ingest', 'build', 'report', 'extract', 'schedules'] as const;

/** One phase. */
export type Phase = (typeof phaseOrder)[number];

/** Whether a text names a phase. */
export function isPhase(text: string): text is Phase {
  return phaseOrder.some((phase) => phase === text);
}

/** The last day of the simulated city that the job reads. */
export const cityDay = '2026-11-22';
