import type { Json } from '../../core/json.ts';
import type { HttpRequest } from '../../net/http-client.ts';
import { underBase } from '../source-base.ts';
import type { Manifest } from './schema/manifest-schema.ts';
import type { RequestSpec } from './schema/request-schema.ts';
import { manifestTrouble } from './manifest-trouble.ts';
import { parseTemplate, renderTemplate, type Scope, type WriteTime } from './template.ts';

/** What a declared request is filled in with. */
export interface Filling {
  readonly scope: Scope;
  readonly write: WriteTime;
}

/** The settings of a source: what was given, else the manifest's own. */
export function settingsOf({ settings, values }: Manifest): Scope[string] {
  return Object.fromEntries(
    Object.entries(settings).map(([name, { default: usual }]) => [name, values[name] ?? usual]),
  );
}

/** A text filled in; undefined when an optional reference is empty. Throws fatal `reference-empty`. */
export function fill(text: string, { scope, write }: Filling): string | undefined {
  try {
    return renderTemplate(text, scope, write);
  } catch (cause) {
    throw manifestTrouble('reference-empty', cause instanceof Error ? cause.message : text, cause);
  }
}

/** A declared request as it is sent: address under the base, parameters whose references are empty left out. */
export function buildRequest(manifest: Manifest, spec: RequestSpec, filling: Filling): HttpRequest {
  const base = fill(manifest.base, filling) ?? '';
  const path = fillPath(spec.path, filling);
  const url = new URL(
    /^https?:\/\//i.test(path) || path === '' ? path || base : underBase(base, path),
  );
  for (const [name, text] of Object.entries(spec.query)) {
    const value = fill(text, filling);
    if (value !== undefined) url.searchParams.append(name, value);
  }
  const headers = { ...filled(manifest.headers, filling), ...filled(spec.headers, filling) };
  const sent = bodyOf(spec, filling);
  return {
    method: spec.method,
    url: url.href,
    headers: { ...headers, ...(sent === undefined ? {} : { 'content-type': sent.mediaType }) },
    idempotent: spec.idempotent,
    redirects: manifest.redirects,
    ...(sent === undefined ? {} : { body: sent.text }),
  };
}

/** A group of texts filled in, without those that are empty. */
export function filled(
  texts: Readonly<Record<string, string>>,
  filling: Filling,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]) => {
      const value = fill(text, filling);
      return value === undefined ? [] : [[name.toLowerCase(), value]];
    }),
  );
}

/** What stands for a reference in a path is one segment of it, whatever it holds. */
function fillPath(text: string, filling: Filling): string {
  const { pieces } = parseTemplate(text);
  const sources = text.split(/(\{\{[^{}]*\}\})/).filter((piece) => piece !== '');
  return pieces
    .map((piece, index) => {
      if (typeof piece === 'string') return piece;
      return encodeURIComponent(fill(sources[index] ?? '', filling) ?? '');
    })
    .join('');
}

function bodyOf(
  { body }: RequestSpec,
  filling: Filling,
): { readonly text: string; readonly mediaType: string } | undefined {
  if (body === undefined) return undefined;
  switch (body.kind) {
    case 'json':
      return { text: JSON.stringify(fillJson(body.value, filling)), mediaType: 'application/json' };
    case 'form':
      return {
        text: new URLSearchParams(filled(body.fields, filling)).toString(),
        mediaType: 'application/x-www-form-urlencoded',
      };
    case 'text':
      return { text: fill(body.text, filling) ?? '', mediaType: body.mediaType };
  }
}

/** A JSON body with its texts filled in; a text that is one reference to a number becomes that number. */
function fillJson(value: Json, filling: Filling): Json {
  if (typeof value === 'string') return fillText(value, filling);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Json) => fillJson(item, filling));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, fillJson(item, filling)]),
  );
}

function fillText(text: string, filling: Filling): Json {
  const { pieces } = parseTemplate(text);
  const [only] = pieces;
  if (pieces.length === 1 && typeof only === 'object' && only.filters.length === 0) {
    const value = filling.scope[only.root]?.[only.name];
    if (typeof value === 'number' || typeof value === 'boolean') return value;
  }
  return fill(text, filling) ?? null;
}
