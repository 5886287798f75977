import { z } from 'zod';
import type { Connector } from '../connectors/port.ts';
import { asJson } from '../core/json-member.ts';
import type { JsonObject } from '../core/json.ts';
import type { ConnectorServices } from './port.ts';
import { notFound } from './batch-services.ts';
import { configProblems } from './examine-config.ts';

/** The connectors that the registry knows, and the ready manifests, which are only read where somebody asks. */
export function createConnectorServices(
  connectors: readonly Connector[],
  ready: () => readonly Connector[] = () => [],
): ConnectorServices {
  const found = (name: string): Promise<Connector> => {
    const connector = [...connectors, ...ready()].find((known) => known.name === name);
    return connector
      ? Promise.resolve(connector)
      : Promise.reject(notFound('bộ kết nối', 'connector', name));
  };
  return {
    list: () =>
      Promise.resolve([
        ...connectors.map(summary),
        ...ready().map((connector) => ({ ...summary(connector), ready: true })),
      ]),
    show: async (_call, name) => detail(await found(name)),
    examine: async (_call, name, config) => {
      const connector = await found(name);
      const problems = configProblems(connector, config);
      const read = connector.config.safeParse(config);
      const streams = read.success ? connector.streams(read.data) : [];
      return { problems: problems.map(asJson), streams: streams.map(asJson) };
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
    ...(connector.document === undefined ? {} : { document: connector.document }),
  };
}
