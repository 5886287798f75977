import { connectorFile } from '../connector-file.ts';

/** The manifests that come with the product, by name. */
export const readyManifests = [
  'open311',
  'hotline-1022',
  'school-register',
  'hotline-calls',
  'feed',
  'ngsi-v2',
  'ngsi-ld',
  'sensorthings',
  'ais',
  'camera-events',
  'district-centre',
] as const;

/** The text of a ready manifest; undefined when there is none of that name. */
export function readyManifest(name: string): string | undefined {
  const known: readonly string[] = readyManifests;
  return known.includes(name) ? connectorFile(`manifest/ready/${name}.yaml`) : undefined;
}
