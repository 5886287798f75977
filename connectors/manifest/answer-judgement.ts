import { valueAt } from '../decode/document-path.ts';
import type { AnswerCondition, FieldCondition } from './schema/condition-schema.ts';
import type { AnswerRule } from './schema/request-schema.ts';

/** An answer as rules look at it. */
export interface JudgedAnswer {
  readonly status: number;
  /** The parsed body; undefined when it is not JSON. */
  readonly document: () => unknown;
  readonly text: () => string;
}

/** The first rule that an answer meets. */
export function ruleFor(
  rules: readonly AnswerRule[],
  answer: JudgedAnswer,
): AnswerRule | undefined {
  return rules.find(({ when }) => meets(when, answer));
}

function meets(when: AnswerCondition, answer: JudgedAnswer): boolean {
  if (when.status !== undefined && !when.status.includes(answer.status)) return false;
  const { path, ...test } = when;
  if (path === undefined && Object.keys(test).every((name) => name === 'status')) return true;
  const value = path === undefined ? answer.text() : valueAt(answer.document(), path);
  return holds(test, value);
}

/** Whether a record meets a condition on one of its fields. */
export function recordMeets({ field, ...test }: FieldCondition, record: unknown): boolean {
  return holds(test, valueAt(record, field));
}

function holds(test: Omit<AnswerCondition, 'path' | 'status'>, value: unknown): boolean {
  const text = textOf(value);
  const { equals, not, in: among, matches, present } = test;
  return (
    (equals === undefined || text === String(equals)) &&
    (not === undefined || text !== String(not)) &&
    (among === undefined || among.map(String).includes(text ?? '')) &&
    (matches === undefined || (text !== undefined && new RegExp(matches, 'u').test(text))) &&
    (present === undefined || (text !== undefined && text !== '') === present)
  );
}

/** A value as text; null is no value. */
export function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? JSON.stringify(value) : `${value as number | boolean}`;
}
