import { z } from 'zod';
import { operation } from '../operation.ts';
import { flag, instant, jsonObject, jsonObjects, name, period } from './field.ts';

/** Declared statistics. */
export const indicatorOperations = [
  operation({
    id: 'indicators.list',
    method: 'GET',
    path: '/indicators',
    summary: { vi: 'Các chỉ tiêu', en: 'Indicators' },
    output: jsonObjects,
    grants: 'everyone',
    run: (services, call) => services.indicators.list(call),
  }),
  operation({
    id: 'indicators.show',
    method: 'GET',
    path: '/indicators/{indicator}',
    summary: { vi: 'Một chỉ tiêu: công thức, căn cứ', en: 'One indicator: formula, legal source' },
    params: { indicator: name },
    output: jsonObject,
    grants: 'everyone',
    run: (services, call, input) => services.indicators.show(call, input.indicator),
  }),
  operation({
    id: 'indicators.get',
    method: 'GET',
    path: '/indicators/{indicator}/values',
    summary: { vi: 'Giá trị của chỉ tiêu', en: 'Values of an indicator' },
    params: { indicator: name },
    query: {
      period: period.exactOptional(),
      area: z.string().min(1).max(40).exactOptional(),
      asOf: instant.exactOptional(),
      history: flag.exactOptional(),
    },
    output: z.object({ values: jsonObjects }),
    grants: 'everyone',
    run: (services, call, { indicator, ...options }) =>
      services.indicators.get(call, indicator, options),
  }),
];
