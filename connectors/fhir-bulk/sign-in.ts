import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { HttpRequest } from '../../net/http-client.ts';
import { signedToken } from '../manifest/authentication/signed-token.ts';
import {
  fixedSigner,
  tokenSigner,
  unsigned,
  type Signer,
  type Token,
} from '../manifest/authentication/signer.ts';
import type { ReadContext } from '../port.ts';
import { underBase } from '../source-base.ts';
import type { FhirConfig } from './config.ts';
import { fhirTrouble } from './fhir-trouble.ts';

const bearer = { in: 'header', name: 'authorization', prefix: 'Bearer ' } as const;
/** Life of a signed assertion; the standard allows five minutes. */
const assertionSeconds = 240;

const discovery = z.object({ token_endpoint: z.url({ protocol: /^https?$/ }) });
const granted = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive().exactOptional(),
});

/** How requests are signed: not at all, by a fixed token, or as a SMART backend service (signed JWT, RS384 or ES384). */
export async function signerOf(context: ReadContext<FhirConfig>): Promise<Signer> {
  const { signIn } = context.config;
  if (signIn.kind === 'none') return unsigned;
  if (signIn.kind === 'bearer') return fixedSigner(bearer, await context.secret('token'));
  return tokenSigner(
    bearer,
    () => backendToken(context, signIn),
    () => context.now(),
  );
}

type Smart = Extract<FhirConfig['signIn'], { kind: 'smart' }>;

async function backendToken(context: ReadContext<FhirConfig>, smart: Smart): Promise<Token> {
  const url = smart.tokenUrl ?? (await discoveredUrl(context));
  const now = Math.floor(context.now().getTime() / 1000);
  const assertion = signedToken(smart.algorithm, await context.secret('private_key'), smart.keyId, {
    iss: smart.clientId,
    sub: smart.clientId,
    aud: url,
    jti: randomUUID(),
    exp: now + assertionSeconds,
  });
  const read = granted.safeParse(
    await json(context, {
      method: 'POST',
      url,
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        scope: smart.scope,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      }).toString(),
      accept: [400, 401, 403],
    }),
  );
  if (!read.success) throw fhirTrouble('access-refused', 'token');
  const { access_token: value, expires_in: seconds } = read.data;
  return { value, until: seconds === undefined ? undefined : (now + seconds) * 1000 };
}

async function discoveredUrl(context: ReadContext<FhirConfig>): Promise<string> {
  const url = underBase(context.config.base, '.well-known/smart-configuration');
  const read = discovery.safeParse(
    await json(context, { method: 'GET', url, headers: { accept: 'application/json' } }),
  );
  if (!read.success) throw fhirTrouble('access-refused', 'smart-configuration');
  return read.data.token_endpoint;
}

async function json({ http }: ReadContext<FhirConfig>, request: HttpRequest): Promise<unknown> {
  const answer = await http.send(request);
  const text = await answer.text();
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
