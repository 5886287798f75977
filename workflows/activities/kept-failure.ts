import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { ControlStore } from '../../control/port.ts';
import type { ErrorGroup, Failure } from '../../core/errors.ts';
import { asJson } from '../../core/json-member.ts';

/**
 * Keeps a failure in the journal and gives its outline: group, code and where the whole is kept. Its text may quote what a
 * source sent; a runner that keeps histories outside the home is given the outline only.
 */
export async function keepFailure(
  store: Pick<ControlStore, 'decide'>,
  about: string,
  failure: Failure,
): Promise<Failure> {
  if (failure.kept !== undefined) return failure;
  const kept = `failure-${randomBytes(8).toString('hex')}`;
  await store.decide((journal) =>
    journal.record({
      kind: 'note.failure',
      subject: kept,
      actor: 'system',
      data: { about, failure: asJson(failure) },
    }),
  );
  return failureOutline(failure, kept);
}

/** What may be told of a failure outside the home. */
export function failureOutline({ group, code }: Failure, kept: string): Failure {
  return {
    group,
    code,
    message: {
      vi: `Lỗi “${code}”; chi tiết ở nhật ký: ${kept}.`,
      en: `Failure “${code}”; the journal has the rest: ${kept}.`,
    },
    kept,
  };
}

/** A failure with everything that was kept of it. */
export async function keptFailure(store: ControlStore, outline: Failure): Promise<Failure> {
  if (outline.kept === undefined) return outline;
  for await (const { data } of store.journal({ subject: outline.kept }))
    return failureSchema.parse(data['failure']);
  return outline;
}

const text = z.object({ vi: z.string(), en: z.string() });
const word = z.string().exactOptional();
const number = z.number().exactOptional();

/** A failure as it lies in the journal or came over a wire. */
export const failureSchema = z.object({
  group: z.enum(['fatal', 'retriable', 'skippable', 'data'] satisfies readonly ErrorGroup[]),
  code: z.string(),
  message: text,
  remedy: text.exactOptional(),
  kept: z.string().exactOptional(),
  place: z
    .object({
      source: word,
      stream: word,
      batch: word,
      file: word,
      sheet: word,
      line: number,
      column: number,
      row: number,
      field: word,
      value: word,
    })
    .exactOptional(),
});
