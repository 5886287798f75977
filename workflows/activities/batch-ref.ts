import { z } from 'zod';
import type { StateRow } from '../../control/port.ts';
import { textList, textMember } from '../../core/json-member.ts';
import type { BatchRef } from '../batch-outcome.ts';

/** Why a batch was believed to be whole, as `batch.landed` keeps it. */
const completenessSchema = z.object({
  proof: z.enum(['total', 'end-marker', 'digest', 'recount']),
  declared: z.record(z.string(), z.number()).exactOptional(),
  covers: z.array(z.string()).exactOptional(),
  emptyExpected: z.boolean().exactOptional(),
});

/** The reference of a journalled batch. */
export function batchRef(row: StateRow): BatchRef {
  return {
    batch: row.id,
    source: textMember(row.data, 'source'),
    key: textMember(row.data, 'key'),
    streams: textList(row.data, 'streams'),
    cursor: row.data['cursor'] ?? null,
    completeness: completenessSchema.parse(row.data['completeness']),
  };
}
