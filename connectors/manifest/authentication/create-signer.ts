import type { HttpRequest } from '../../../net/http-client.ts';
import { valueAt } from '../../decode/document-path.ts';
import { textOf } from '../answer-judgement.ts';
import { buildRequest, fill, filled, type Filling } from '../build-request.ts';
import { manifestTrouble } from '../manifest-trouble.ts';
import { parseJson } from '../page-facts.ts';
import type { Authentication } from '../schema/authentication-schema.ts';
import type { Manifest } from '../schema/manifest-schema.ts';
import { signedToken } from './signed-token.ts';
import { fixedSigner, tokenSigner, unsigned, type Signer, type Token } from './signer.ts';

/** What signing in needs: a way to ask, the time, and somebody who keeps new tokens out of sight. */
export interface SignInEffects {
  ask(request: HttpRequest): Promise<{ readonly status: number; readonly bytes: Uint8Array }>;
  now(): Date;
  hide(secret: string): void;
}

const bearer = { in: 'header', name: 'authorization', prefix: 'Bearer ' } as const;
const basic = { in: 'header', name: 'authorization', prefix: 'Basic ' } as const;

/** The signer of a manifest's authentication; secrets stand in the filling. */
export function createSigner(manifest: Manifest, filling: Filling, effects: SignInEffects): Signer {
  const { authentication } = manifest;
  const text = (template: string) => fill(template, filling) ?? '';
  switch (authentication.kind) {
    case 'none':
      return unsigned;
    case 'basic':
      return fixedSigner(
        basic,
        basicPair(text(authentication.user), text(authentication.password), effects),
      );
    case 'bearer':
      return fixedSigner(bearer, text(authentication.token));
    case 'apiKey':
      return fixedSigner(authentication.place, text(authentication.key));
    case 'session':
      return tokenSigner(
        authentication.place,
        () => sessionToken(manifest, authentication, filling, effects),
        () => effects.now(),
      );
    case 'oauth2':
      return oauthSigner(authentication, filling, effects);
    case 'jwt':
      return tokenSigner(
        authentication.place,
        () => jwtToken(authentication, filling, effects),
        () => effects.now(),
      );
  }
}

type Kind<K extends Authentication['kind']> = Extract<Authentication, { kind: K }>;

async function sessionToken(
  manifest: Manifest,
  { login, tokenPath, seconds }: Kind<'session'>,
  filling: Filling,
  effects: SignInEffects,
): Promise<Token> {
  const document = await askForToken(
    { ...buildRequest(manifest, login, filling), idempotent: true },
    effects,
  );
  const ends = seconds === undefined ? undefined : effects.now().getTime() + seconds * 1000;
  return { value: tokenIn(document, tokenPath, effects), until: ends };
}

/** A refresh token that the server replaces is used for the rest of the run. */
function oauthSigner(auth: Kind<'oauth2'>, filling: Filling, effects: SignInEffects): Signer {
  const text = (template: string) => fill(template, filling) ?? '';
  let refresh = auth.refreshToken === undefined ? undefined : text(auth.refreshToken);
  const fetchToken = async (): Promise<Token> => {
    const client = { client_id: text(auth.clientId), client_secret: text(auth.clientSecret) };
    const form = {
      grant_type: auth.grant,
      ...(auth.grant === 'refresh_token' && refresh !== undefined
        ? { refresh_token: refresh }
        : {}),
      ...(auth.scope === undefined ? {} : { scope: auth.scope }),
      ...(auth.client === 'body' ? client : {}),
      ...filled(auth.fields, filling),
    };
    const pair = basicPair(client.client_id, client.client_secret, effects);
    const headers = auth.client === 'basic' ? { authorization: `Basic ${pair}` } : {};
    const document = await askForToken(formRequest(text(auth.tokenUrl), form, headers), effects);
    const next = textOf(valueAt(document, 'refresh_token'));
    if (next !== undefined) {
      effects.hide(next);
      refresh = next;
    }
    return tokenOf(document, auth.tokenPath, effects);
  };
  return tokenSigner(auth.place, fetchToken, () => effects.now());
}

async function jwtToken(
  auth: Kind<'jwt'>,
  filling: Filling,
  effects: SignInEffects,
): Promise<Token> {
  const issued = Math.floor(effects.now().getTime() / 1000);
  const { issuer, subject, audience, keyId } = auth;
  const named = filled(
    {
      ...(issuer === undefined ? {} : { iss: issuer }),
      ...(subject === undefined ? {} : { sub: subject }),
      ...(audience === undefined ? {} : { aud: audience }),
    },
    filling,
  );
  const claims = {
    ...named,
    ...filled(auth.claims, filling),
    iat: issued,
    exp: issued + auth.seconds,
  };
  const id = keyId === undefined ? undefined : fill(keyId, filling);
  const token = signedToken(auth.algorithm, fill(auth.key, filling) ?? '', id, claims);
  effects.hide(token);
  if (auth.tokenUrl === undefined) return { value: token, until: (issued + auth.seconds) * 1000 };
  const form = {
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: token,
    ...(auth.scope === undefined ? {} : { scope: auth.scope }),
  };
  const document = await askForToken(
    formRequest(fill(auth.tokenUrl, filling) ?? '', form, {}),
    effects,
  );
  return tokenOf(document, auth.tokenPath, effects);
}

function formRequest(
  url: string,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>>,
): HttpRequest {
  return {
    method: 'POST',
    url,
    headers: {
      ...headers,
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams(form).toString(),
    idempotent: true,
  };
}

async function askForToken(request: HttpRequest, effects: SignInEffects): Promise<unknown> {
  const { status, bytes } = await effects.ask({ ...request, accept: [400, 401, 403] });
  if (status < 200 || status > 299) throw manifestTrouble('sign-in-refused', String(status));
  const document = parseJson(bytes);
  if (document === undefined)
    throw manifestTrouble('sign-in-refused', 'không phải JSON / not JSON');
  return document;
}

function tokenOf(document: unknown, path: string, effects: SignInEffects): Token {
  const value = tokenIn(document, path, effects);
  const seconds = Number(textOf(valueAt(document, 'expires_in')));
  const lasts = Number.isFinite(seconds) && seconds > 0;
  return { value, until: lasts ? effects.now().getTime() + seconds * 1000 : undefined };
}

function tokenIn(document: unknown, path: string, effects: SignInEffects): string {
  const value = textOf(valueAt(document, path));
  if (value === undefined || value === '') throw manifestTrouble('sign-in-refused', path);
  effects.hide(value);
  return value;
}

function basicPair(user: string, password: string, effects: SignInEffects): string {
  const pair = Buffer.from(`${user}:${password}`).toString('base64');
  effects.hide(pair);
  return pair;
}
