import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  TimeoutFailure,
} from '@temporalio/common';
import { failureOf, PhusaError, type Failure } from '../../core/errors.ts';

/** A failure as Temporal carries it: code as type and message, the outline as its one detail. */
export function carried(failure: Failure, retry: boolean): ApplicationFailure {
  const { code } = failure;
  const made = ApplicationFailure.create({
    message: code,
    type: code,
    nonRetryable: !retry,
    details: [failure],
  });
  // A stack would tell where the product is installed, and nothing that the journal does not have.
  made.stack = `ApplicationFailure: ${code}`;
  return made;
}

/** What Temporal carried, as a pipeline and a client see it: group, code, message; never a class of Temporal's. */
export function uncarried(error: unknown): PhusaError {
  if (error instanceof PhusaError) return error;
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) {
    const failure = cause.details?.[0];
    if (isFailure(failure)) return raised(failure);
  }
  if (cause instanceof CancelledFailure) return raised(cancelledFailure);
  if (cause instanceof TimeoutFailure) return raised(timedOutFailure);
  return raised(failureOf(cause));
}

/** A failure as the error that it was. */
export function raised({ group, code, message, remedy, place, kept }: Failure): PhusaError {
  return new PhusaError({
    group,
    code,
    message,
    ...(remedy ? { remedy } : {}),
    ...(place ? { place } : {}),
    ...(kept === undefined ? {} : { kept }),
  });
}

function isFailure(value: unknown): value is Failure {
  return typeof value === 'object' && value !== null && 'group' in value && 'code' in value;
}

const cancelledFailure: Failure = {
  group: 'fatal',
  code: 'cancelled',
  message: { vi: 'Lượt chạy đã bị hủy.', en: 'The run was cancelled.' },
};

const timedOutFailure: Failure = {
  group: 'retriable',
  code: 'activity-timed-out',
  message: {
    vi: 'Một bước chạy quá lâu hoặc tiến trình của nó không còn.',
    en: 'A step took too long, or its process is gone.',
  },
};
