import { z } from 'zod';
import { request } from './request-schema.ts';
import { path, template } from './word.ts';

/** Where a credential goes into requests. */
const place = z.discriminatedUnion('in', [
  z.strictObject({
    in: z.literal('header'),
    name: z.string().min(1),
    prefix: z.string().default(''),
  }),
  z.strictObject({ in: z.literal('query'), name: z.string().min(1) }),
]);

const bearerPlace = { in: 'header', name: 'authorization', prefix: 'Bearer ' } as const;

const oauth2 = z.strictObject({
  kind: z.literal('oauth2'),
  tokenUrl: template,
  grant: z.enum(['client_credentials', 'refresh_token']).default('client_credentials'),
  clientId: template,
  clientSecret: template,
  refreshToken: template.exactOptional(),
  scope: z.string().exactOptional(),
  /** How the client proves who it is: in the form, or by HTTP basic. */
  client: z.enum(['body', 'basic']).default('body'),
  /** Further members of the token request. */
  fields: z.record(z.string(), template).default({}),
  tokenPath: path.default('access_token'),
  place: place.default(bearerPlace),
});

const jwt = z.strictObject({
  kind: z.literal('jwt'),
  algorithm: z.enum(['HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'ES256', 'ES384']),
  /** The shared secret, or the private key in PEM. */
  key: template,
  keyId: template.exactOptional(),
  issuer: template.exactOptional(),
  subject: template.exactOptional(),
  audience: template.exactOptional(),
  claims: z.record(z.string(), template).default({}),
  seconds: z.int().min(30).max(3600).default(300),
  /** Where the signed token is exchanged for an access token (RFC 7523); without it, it is sent itself. */
  tokenUrl: template.exactOptional(),
  scope: z.string().exactOptional(),
  tokenPath: path.default('access_token'),
  place: place.default(bearerPlace),
});

/** How requests are authenticated. */
export const authentication = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('basic'), user: template, password: template }),
  z.strictObject({ kind: z.literal('bearer'), token: template }),
  z.strictObject({ kind: z.literal('apiKey'), key: template, place }),
  z.strictObject({
    kind: z.literal('session'),
    login: request,
    tokenPath: path.min(1),
    place: place.default(bearerPlace),
    /** How long a session lasts; without it, until the source refuses it. */
    seconds: z.int().min(1).exactOptional(),
  }),
  oauth2,
  jwt,
]);

/** A declared way to authenticate. */
export type Authentication = z.infer<typeof authentication>;

/** Where a credential goes. */
export type CredentialPlace = z.infer<typeof place>;
