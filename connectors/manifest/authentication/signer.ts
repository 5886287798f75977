import type { HttpRequest } from '../../../net/http-client.ts';
import type { CredentialPlace } from '../schema/authentication-schema.ts';

/** Puts a credential into requests, and gets a new one when the source refuses it. */
export interface Signer {
  sign(request: HttpRequest): Promise<HttpRequest>;
  /** Drops the credential so that the next request gets a new one; false when there is no other to be had. */
  renew(): boolean;
}

/** Requests as they are. */
export const unsigned: Signer = { sign: (request) => Promise.resolve(request), renew: () => false };

/** The same credential on every request. */
export function fixedSigner(place: CredentialPlace, value: string): Signer {
  return {
    sign: (request) => Promise.resolve(withCredential(request, place, value)),
    renew: () => false,
  };
}

/** A token and when it ends (milliseconds since 1970). */
export interface Token {
  readonly value: string;
  readonly until: number | undefined;
}

/** A token this near to its end is not used any more. */
const marginMs = 30_000;

/** A credential that is fetched when first needed, when it is about to end, and when it was refused. */
export function tokenSigner(
  place: CredentialPlace,
  fetchToken: () => Promise<Token>,
  now: () => Date,
): Signer {
  let token: Token | undefined;
  const ends = () => (token?.until ?? Number.POSITIVE_INFINITY) - marginMs;
  return {
    sign: async (request) => {
      if (token === undefined || now().getTime() > ends()) token = await fetchToken();
      return withCredential(request, place, token.value);
    },
    renew: () => {
      token = undefined;
      return true;
    },
  };
}

function withCredential(request: HttpRequest, place: CredentialPlace, value: string): HttpRequest {
  if (place.in === 'header') {
    const headers = { ...request.headers, [place.name.toLowerCase()]: `${place.prefix}${value}` };
    return { ...request, headers };
  }
  const url = new URL(request.url);
  url.searchParams.set(place.name, value);
  return { ...request, url: url.href, hidden: [...(request.hidden ?? []), place.name] };
}
