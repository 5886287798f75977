import { z } from 'zod';
import { operation } from '../operation.ts';
import { jsonInput, jsonObject, jsonObjects, name } from './field.ts';

/** The kinds of source. */
export const connectorOperations = [
  operation({
    id: 'connectors.list',
    method: 'GET',
    path: '/connectors',
    summary: { vi: 'Các loại kết nối', en: 'Connectors' },
    output: jsonObjects,
    grants: 'everyone',
    run: (services, call) => services.connectors.list(call),
  }),
  operation({
    id: 'connectors.show',
    method: 'GET',
    path: '/connectors/{connector}',
    summary: {
      vi: 'Một loại kết nối: cấu hình (JSON Schema), luồng, khả năng',
      en: 'One connector: configuration (JSON Schema), streams, capabilities',
    },
    params: { connector: name },
    output: jsonObject,
    grants: 'everyone',
    run: (services, call, input) => services.connectors.show(call, input.connector),
  }),
  operation({
    id: 'connectors.examine',
    method: 'POST',
    path: '/connectors/{connector}/examine',
    summary: {
      vi: 'Soát một cấu hình: mọi chỗ sai cùng lúc, có dòng và cột; không lưu gì',
      en: 'Examine a configuration: all problems together, with line and column; keeps nothing',
    },
    params: { connector: name },
    body: { config: jsonInput },
    output: z.object({ problems: jsonObjects, streams: jsonObjects }),
    grants: { operator: 'all', admin: 'all', department: 'own' },
    run: (services, call, { connector, config }) =>
      services.connectors.examine(call, connector, config),
  }),
];
