import type { JsonObject } from '../core/json.ts';
import { arcgis } from './arcgis/connector.ts';
import { caseLists } from './case-lists/connector.ts';
import { covidDaily } from './covid-daily/connector.ts';
import { database } from './database/connector.ts';
import { dhis2 } from './dhis2/connector.ts';
import { dvc } from './dvc/connector.ts';
import { einvoice } from './einvoice/connector.ts';
import { fhirBulk } from './fhir-bulk/connector.ts';
import { insuranceClaims } from './insurance-claims/connector.ts';
import { oneroster } from './oneroster/connector.ts';
import type { Connector } from './port.ts';
import { manifest } from './manifest/connector.ts';
import { readySource } from './manifest/ready-config.ts';
import { readyManifests } from './manifest/ready-manifest.ts';
import { provinceCovid } from './province-covid/connector.ts';
import { provincialForms } from './provincial-forms/connector.ts';
import { pxweb } from './pxweb/connector.ts';
import { referenceTables } from './reference-tables/connector.ts';
import { sdmx } from './sdmx/connector.ts';
import { fileSecrets } from './source-base.ts';

/**
 * A connector whose configuration type is not known: the registry hands out any of them. What is given to it as a
 * configuration has passed its own schema.
 */
export type AnyConnector = Connector;

/** Every kind of source system; a new connector is one line here. */
export const connectors: readonly AnyConnector[] = [
  anyOf(readsFiles(arcgis)),
  anyOf(readsFiles(caseLists)),
  anyOf(readsFiles(covidDaily)),
  anyOf(database),
  anyOf(readsFiles(dhis2)),
  anyOf(dvc),
  anyOf(readsFiles(einvoice)),
  anyOf(readsFiles(fhirBulk)),
  anyOf(readsFiles(insuranceClaims)),
  anyOf(readsFiles(oneroster)),
  anyOf(readsFiles(manifest)),
  anyOf(readsFiles(provinceCovid)),
  anyOf(readsFiles(provincialForms)),
  anyOf(readsFiles(pxweb)),
  anyOf(readsFiles(referenceTables)),
  anyOf(readsFiles(sdmx)),
];

/** The connector of a name, or the one of manifests with a ready one in it; undefined when there is none. */
export function findConnector(name: string): AnyConnector | undefined {
  return connectors.find((connector) => connector.name === name) ?? readyConnector(name);
}

/** The ready manifests by name, each as a connector of its own to choose. */
export function readyConnectors(): readonly AnyConnector[] {
  return readyManifests.flatMap((name) => {
    const ready = readyConnector(name);
    return ready === undefined ? [] : [{ ...ready, name }];
  });
}

/**
 * A ready manifest: its configuration takes only what the owner has to say and gives the whole manifest, so that the
 * source is one of `manifest` from then on, whatever later releases bring.
 */
function readyConnector(name: string): AnyConnector | undefined {
  const ready = readySource(name);
  if (ready === undefined) return undefined;
  const { label, description, text, secrets, config } = ready;
  const plain = anyOf(readsFiles(manifest));
  const own = { label, description, document: text, config };
  return { ...plain, ...own, secrets: { ...plain.secrets, ...secrets } };
}

/** A connector that also reads files: its sources may hold the secrets of file servers and stores. */
function readsFiles<Config extends JsonObject>(connector: Connector<Config>): Connector<Config> {
  return { ...connector, secrets: { ...connector.secrets, ...fileSecrets } };
}

/** Forgets the configuration's type and checks it at each use instead: defaults filled, wrong ones thrown by zod. */
function anyOf<Config extends JsonObject>(connector: Connector<Config>): AnyConnector {
  const { config: schema, ...rest } = connector;
  const discovers = connector.discover !== undefined;
  return {
    ...rest,
    config: schema,
    streams: (config) => connector.streams(schema.parse(config)),
    allowed: (config) => connector.allowed(schema.parse(config)),
    check: (context) => connector.check({ ...context, config: schema.parse(context.config) }),
    ...(discovers && {
      discover: async (context) =>
        (await connector.discover?.({ ...context, config: schema.parse(context.config) })) ?? [],
    }),
    read: (context, request) =>
      connector.read({ ...context, config: schema.parse(context.config) }, request),
    decode: (session, config) => connector.decode(session, schema.parse(config)),
  };
}
