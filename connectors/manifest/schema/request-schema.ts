import { z } from 'zod';
import { answerCondition } from './condition-schema.ts';
import { template } from './word.ts';

const members = z.record(z.string().min(1), template);

const body = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('json'), value: z.json() }),
  z.strictObject({ kind: z.literal('form'), fields: members }),
  z.strictObject({ kind: z.literal('text'), text: template, mediaType: z.string().min(1) }),
]);

/** One HTTP request: `path` continues the manifest's `base`. */
export const request = z.strictObject({
  method: z.enum(['GET', 'POST']).default('GET'),
  path: template.default(''),
  headers: members.default({}),
  query: members.default({}),
  body: body.exactOptional(),
  /** A POST that only asks and may be sent twice. */
  idempotent: z.boolean().default(false),
});

/** What to do with an answer that meets a condition; the first rule that fits counts. */
export const answerRule = z.strictObject({
  when: answerCondition,
  do: z.enum(['fail', 'retry', 'renew', 'empty', 'accept']),
  /** What the provider means by it, told to people. */
  says: z.string().max(500).exactOptional(),
});

/** At most so many requests in so long a time. */
export const rate = z.strictObject({
  requests: z.int().min(1).max(100_000),
  seconds: z.number().min(0.1).max(86_400),
});

/** A declared request. */
export type RequestSpec = z.infer<typeof request>;

/** A declared rule on answers. */
export type AnswerRule = z.infer<typeof answerRule>;

/** A rate budget. */
export type RateBudget = z.infer<typeof rate>;
