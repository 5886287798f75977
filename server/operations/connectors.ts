import { operation } from '../operation.ts';
import { jsonObject, jsonObjects, name } from './field.ts';

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
];
