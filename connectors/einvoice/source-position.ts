import { z } from 'zod';
import type { Json } from '../../core/json.ts';

/**
 * Where reading an HTTP source stands. The service lists files published *after* a time, and several share one time:
 * so the cursor is the last time that is done entirely, and the names already done at the next.
 */
const schema = z.object({
  since: z.string().exactOptional(),
  at: z.string().exactOptional(),
  done: z.array(z.string()).exactOptional(),
  /** First month (`yyyy-MM`) of which invoices were listed: states are read from there. */
  firstMonth: z.string().exactOptional(),
  /** Only inside a run: the next month of states to read. */
  month: z.string().exactOptional(),
});

/** See the schema's comment. */
export type SourcePosition = Readonly<z.infer<typeof schema>>;

/** Reads a stored position; anything unreadable starts anew. */
export function positionOf(stored: Json | undefined): SourcePosition {
  const parsed = schema.safeParse(stored ?? {});
  return parsed.success ? parsed.data : {};
}
