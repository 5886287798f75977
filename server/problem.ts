import type { Failure } from '../core/errors.ts';
import { failureOf } from '../core/errors.ts';
import type { ErrorPlace } from '../core/errors.ts';
import type { Language } from '../core/localized.ts';
import { assertNever } from '../core/assert-never.ts';

/** `application/problem+json` (RFC 9457) with the stable code, in the asker's language. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
  readonly place?: ErrorPlace;
}

/** Codes whose status is part of their meaning. */
const statusOfCode: Readonly<Record<string, number>> = {
  'not-found': 404,
  'not-permitted': 403,
  'not-signed-in': 401,
  'foreign-origin': 403,
  'wrong-input': 400,
  'sign-in-failed': 401,
  'too-many-attempts': 429,
  'push-refused': 401,
  'push-rate-limited': 429,
  'upload-offset-wrong': 409,
  'upload-too-large': 413,
  'push-too-large': 413,
  unexpected: 500,
};

/**
 * A failure as a problem. Failures that are none of our own keep their detail only for the home's local operator
 * (`detailed`): elsewhere it could leak paths, SQL or values.
 */
export function problemOf(failure: Failure, language: Language, detailed: boolean): Problem {
  const hidden = failure.code === 'unexpected' && !detailed;
  return {
    type: `urn:phusa:problem:${failure.code}`,
    title: titles[failure.group][language],
    status: statusOf(failure),
    code: failure.code,
    message: hidden ? hiddenMessage[language] : failure.message[language],
    ...(failure.remedy ? { remedy: failure.remedy[language] } : {}),
    ...(failure.place && Object.keys(failure.place).length > 0 ? { place: failure.place } : {}),
  };
}

/** Anything thrown as a failure; HTTP errors of the framework keep their status. */
export function failureOfRequest(error: unknown): Failure {
  const status = frameworkStatus(error);
  return status === undefined ? failureOf(error) : refusedRequest(status);
}

/** HTTP status of a failure: by its code (`…-invalid`: what was given is wrong), else by what the caller does next. */
function statusOf(failure: Failure): number {
  const refused = /^request-(\d{3})$/.exec(failure.code);
  if (refused) return Number(refused[1]);
  if (failure.code.endsWith('-invalid')) return 400;
  return statusOfCode[failure.code] ?? statusOfGroup(failure.group);
}

function statusOfGroup(group: Failure['group']): number {
  switch (group) {
    case 'fatal':
      return 409;
    case 'retriable':
      return 503;
    case 'skippable':
    case 'data':
      return 422;
    default:
      return assertNever(group);
  }
}

const titles = {
  fatal: { vi: 'Không thực hiện được', en: 'Cannot be done' },
  retriable: { vi: 'Tạm thời chưa thực hiện được', en: 'Cannot be done at the moment' },
  skippable: { vi: 'Một phần không thực hiện được', en: 'A part cannot be done' },
  data: { vi: 'Dữ liệu có vấn đề', en: 'There is a problem in the data' },
} satisfies Record<Failure['group'], Record<Language, string>>;

const hiddenMessage = {
  vi: 'Lỗi ngoài dự kiến; chi tiết đã được ghi vào nhật ký máy chủ.',
  en: 'Unexpected error; details are in the server log.',
} satisfies Record<Language, string>;

function refusedRequest(status: number): Failure {
  return {
    group: 'fatal',
    code: `request-${status}`,
    message: {
      vi: `Yêu cầu HTTP bị từ chối (${status}).`,
      en: `HTTP request refused (${status}).`,
    },
    remedy: { vi: 'Gửi JSON đúng cỡ và đúng dạng.', en: 'Send JSON of accepted size and form.' },
  };
}

function frameworkStatus(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  const { statusCode } = error;
  return typeof statusCode === 'number' && statusCode < 500 ? statusCode : undefined;
}
