import {
  workflowInfo,
  type ActivityInput,
  type Next,
  type WorkflowExecuteInput,
  type WorkflowInboundCallsInterceptor,
  type WorkflowInterceptorsFactory,
  type WorkflowOutboundCallsInterceptor,
  type ContinueAsNewInput,
} from '@temporalio/workflow';
import type { Headers } from '@temporalio/common';
import { correlationHeader } from './correlation.ts';

/** Hands the correlation id of whoever asked for a run on to every activity of it, and to its next segment. */
export const interceptors: WorkflowInterceptorsFactory = () => {
  let carriedOn: Headers = {};
  const inbound: WorkflowInboundCallsInterceptor = {
    execute: async (
      input: WorkflowExecuteInput,
      next: Next<WorkflowInboundCallsInterceptor, 'execute'>,
    ) => {
      const header = input.headers[correlationHeader];
      carriedOn = header ? { [correlationHeader]: header } : {};
      return await next(input);
    },
  };
  const outbound: WorkflowOutboundCallsInterceptor = {
    scheduleActivity: async (input: ActivityInput, next) =>
      await next({ ...input, headers: { ...input.headers, ...carriedOn } }),
    continueAsNew: async (input: ContinueAsNewInput, next) =>
      await next({ ...input, headers: { ...input.headers, ...carriedOn } }),
    getLogAttributes: (input, next) => next({ ...input, workflow: workflowInfo().workflowId }),
  };
  return { inbound: [inbound], outbound: [outbound] };
};
