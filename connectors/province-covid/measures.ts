/** A series of the portal: counts of a day, or running totals (which are never to fall, and do). */
export interface Measure {
  readonly name: string;
  readonly kind: 'daily' | 'cumulative';
  /** Member of the portal's answer. */
  readonly member: string;
  /** The batch it is part of. */
  readonly batch: 'cases' | 'vaccines';
}

/** The series that are read. "Once" falls over time, because people move on to "twice". */
export const measures = [
  { name: 'case', kind: 'daily', member: 'case_by_day', batch: 'cases' },
  { name: 'death', kind: 'daily', member: 'death_by_day', batch: 'cases' },
  { name: 'injected', kind: 'cumulative', member: 'total_injected_by_time', batch: 'vaccines' },
  { name: 'injected_once', kind: 'cumulative', member: 'once_injected_by_time', batch: 'vaccines' },
  {
    name: 'injected_twice',
    kind: 'cumulative',
    member: 'twice_injected_by_time',
    batch: 'vaccines',
  },
] as const satisfies readonly Measure[];
