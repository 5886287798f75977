import { z } from 'zod';
import type { Connector } from '../connectors/port.ts';
import { asJson } from '../core/json-member.ts';
import type { JsonObject } from '../core/json.ts';
import type { ConnectorServices } from './port.ts';
import { notFound } from './batch-services.ts';

/** The connectors that the registry knows, and the ready manifests, which are only read where somebody asks. */
export function createConnectorServices(
  connectors: readonly Connector[],
  ready: () => readonly Connector[] = () => [],
): ConnectorServices {
  return {
    list: () =>
      Promise.resolve([
        ...connectors.map(summary),
        ...ready().map((connector) => ({ ...summary(connector), ready: true })),
      ]),
    show: (_call, name) => {
      const connector = [...connectors, ...ready()].find((known) => known.name === name);
      if (!connector) return Promise.reject(notFound('bộ kết nối', 'connector', name));
      return Promise.resolve(detail(connector));
    },
  };
}

function summary({ name, version, label, description, capabilities }: Connector): JsonObject {
  return asJson({ name, version, label, description, capabilities });
}

function detail(connector: Connector): JsonObject {
  const schema = z.toJSONSchema(connector.config, { io: 'input', unrepresentable: 'any' });
  return {
    ...summary(connector),
    config: asJson(schema),
    secrets: asJson(connector.secrets),
    checks: connector.checks.map(asJson),
  };
}
