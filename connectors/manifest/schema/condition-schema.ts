import { z } from 'zod';
import { path } from './word.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** What is said of a value: all that is given has to hold. */
const test = {
  equals: scalar.exactOptional(),
  not: scalar.exactOptional(),
  in: z.array(scalar).min(1).exactOptional(),
  matches: z.string().min(1).max(500).exactOptional(),
  present: z.boolean().exactOptional(),
};

/** A condition on one field of a record. */
export const fieldCondition = z.strictObject({ field: path.min(1), ...test });

/** A condition on an answer: its status, and a value of its body (or the whole body as text, without `path`). */
export const answerCondition = z.strictObject({
  status: z.array(z.int().min(200).max(599)).min(1).exactOptional(),
  path: path.exactOptional(),
  ...test,
});

/** One condition on a field. */
export type FieldCondition = z.infer<typeof fieldCondition>;

/** One condition on an answer. */
export type AnswerCondition = z.infer<typeof answerCondition>;
