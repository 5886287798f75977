import { failureOf } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Language } from '../core/localized.ts';
import type { ExitCode } from './environment.ts';
import { isObject } from '../core/json-member.ts';
import { inWords, member, numberAt, textAt } from './reading.ts';

/** A problem that the API answered with, already in the asker's language. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  readonly code: string;
  readonly problem: Json;

  private constructor(status: number, code: string, message: string, problem: Json) {
    super(message);
    this.status = status;
    this.code = code;
    this.problem = problem;
  }

  /** Reads `application/problem+json`. */
  static of(problem: Json | undefined): ProblemError {
    const status = numberAt(problem, 'status') ?? 500;
    const code = textAt(problem, 'code') ?? 'unexpected';
    return new ProblemError(status, code, textAt(problem, 'message') ?? code, problem ?? null);
  }

  /** The server went away in the middle of an answer. */
  static cutOff(): ProblemError {
    const message = 'Máy chủ ngắt kết nối giữa chừng / the server broke off its answer';
    return ProblemError.of({ status: 503, code: 'connection-lost', message });
  }
}

/** An error as a problem document: what the API said, or what happened here. */
export function problemOfError(error: unknown, language: Language): Json {
  if (error instanceof ProblemError && isObject(error.problem)) return error.problem;
  const { code, message, remedy, place } = failureOf(error);
  return {
    code,
    message: message[language],
    ...(remedy ? { remedy: remedy[language] } : {}),
    ...(place ? { place: { ...place } } : {}),
  };
}

/** Lines for standard error: message, where, remedy. */
export function describeError(error: unknown, language: Language): string {
  const problem = problemOfError(error, language);
  const place = member(problem, 'place');
  const where = Object.entries(isObject(place) ? place : {}).map(
    ([name, value]) => `${name} ${inWords(value, language)}`,
  );
  const lines = [
    `${language === 'vi' ? 'Lỗi' : 'Error'} [${textAt(problem, 'code') ?? ''}]: ${textAt(problem, 'message') ?? ''}`,
    ...(where.length > 0 ? [`  ${language === 'vi' ? 'tại' : 'at'}: ${where.join(', ')}`] : []),
    ...(textAt(problem, 'remedy') === undefined ? [] : [`  → ${textAt(problem, 'remedy') ?? ''}`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** The exit code an error ends with. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof ProblemError) return exitCodeOfStatus(error.status);
  const { code, group } = failureOf(error);
  if (code === 'unexpected') return 1;
  return group === 'fatal' ? 2 : 1;
}

function exitCodeOfStatus(status: number): ExitCode {
  if (status === 401 || status === 403 || status === 404) return 4;
  return status >= 400 && status < 422 ? 2 : 1;
}
