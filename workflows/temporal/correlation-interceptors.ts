import { randomUUID } from 'node:crypto';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { correlationHeader } from './correlation.ts';

/** Gives each run that is started a correlation id. */
export const correlateStarts: WorkflowClientInterceptor = {
  startWithDetails: async (input, next) => {
    const id = defaultPayloadConverter.toPayload(randomUUID());
    return await next({ ...input, headers: { [correlationHeader]: id, ...input.headers } });
  },
};

/** Names the correlation id in an activity's log lines. */
export const correlateActivities: ActivityInterceptorsFactory = () => {
  let correlation: unknown;
  return {
    inbound: {
      execute: async (input, next) => {
        const header = input.headers[correlationHeader];
        correlation = header && defaultPayloadConverter.fromPayload(header);
        return await next(input);
      },
    },
    outbound: {
      getLogAttributes: (input, next) =>
        next({ ...input, ...(typeof correlation === 'string' ? { correlation } : {}) }),
    },
  };
};
