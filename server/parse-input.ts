import type { z } from 'zod';
import { wrongInput } from './refusal.ts';

/** Validates a request part. Throws PhusaError `wrong-input` with every problem at once. */
export function parseInput<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw wrongInput(
    read.error.issues.slice(0, 20).map(({ path, message }) => ({
      name: path.length === 0 ? '·' : path.join('.'),
      problem: message.slice(0, 300),
    })),
  );
}
