import type { AllowedOrigin } from '../../core/allowed-origin.ts';
import { isWebBase, originsOf } from '../source-base.ts';
import { fill, settingsOf } from './build-request.ts';
import type { Manifest } from './schema/manifest-schema.ts';

/** Where a manifest's source may be asked: its base, its token addresses, and what it lists beside them. */
export function manifestOrigins(manifest: Manifest): readonly AllowedOrigin[] {
  const filling = { scope: { config: settingsOf(manifest) ?? {} }, write: String };
  const { authentication, base, origins, networks, certificateAuthority: ca } = manifest;
  const tokens = 'tokenUrl' in authentication ? [authentication.tokenUrl ?? ''] : [];
  const addresses = [base, ...origins, ...tokens].map((text) => fill(text, filling) ?? '');
  return addresses
    .filter((address, n) => n === 0 || isWebBase(address))
    .flatMap((address) => originsOf(address, networks))
    .map((origin) => (ca === undefined ? origin : { ...origin, ca }));
}
