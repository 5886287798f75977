import { z } from 'zod';
import type { StateRow } from '../control/port.ts';
import { objectMember, textMember } from '../core/json-member.ts';

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

const calendarSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('daily'), at: time }),
  z.strictObject({
    kind: z.literal('weekly'),
    weekday: z.union(
      [1, 2, 3, 4, 5, 6, 7].map((day) => z.literal(day as 1 | 2 | 3 | 4 | 5 | 6 | 7)),
    ),
    at: time,
  }),
  z.strictObject({ kind: z.literal('monthly'), day: z.int().min(1).max(31), at: time }),
  z.strictObject({ kind: z.literal('last-working-day'), at: time }),
  z.strictObject({
    kind: z.literal('after-period'),
    period: z.templateLiteral([
      z.enum(['day', 'week', 'month', 'quarter', 'half', 'nine-months', 'year']),
      z.enum(['', '@nd09']),
    ]),
    workingDays: z.int().min(0).max(30),
    at: time,
  }),
  z.strictObject({ kind: z.literal('cron'), text: z.string().max(100) }),
]);

/** A schedule as data: what is due, when, and what happens to missed and overlapping times. */
export const scheduleSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9-]{1,60}$/),
    target: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('ingest'), source: z.string() }),
      z.strictObject({ kind: z.literal('report'), report: z.string() }),
    ]),
    calendar: calendarSchema,
    catchUp: z.enum(['latest', 'all', 'none']).default('latest'),
    overlap: z.enum(['skip', 'queue']).default('skip'),
    /** Hours a report waits for late sources before it is issued as provisional. */
    patienceHours: z.number().min(0).max(720).default(24),
  })
  .readonly();

/** A parsed schedule. */
export type Schedule = z.infer<typeof scheduleSchema>;

/** A schedule with its life. */
export interface KeptSchedule extends Schedule {
  readonly status: string;
  /** When it began, or was resumed: earlier times are not due. */
  readonly since: Date;
}

/** A schedule from its journal state. */
export function scheduleOf(row: StateRow): KeptSchedule {
  const schedule = scheduleSchema.parse(objectMember(row.data, 'schedule'));
  return { ...schedule, status: row.status, since: new Date(textMember(row.data, 'since')) };
}
