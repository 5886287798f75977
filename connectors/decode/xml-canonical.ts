import { localName } from './xml-local-name.ts';
import type { XmlAttributes } from './xml-reader.ts';
import type { XmlContext, XmlOpen, XmlSubtree } from './xml-subtree.ts';
import { contextInside, declaredPrefix } from './xml-subtree.ts';

/** How a subtree is put into canonical form. */
export interface CanonicalForm {
  /** Exclusive C14N 1.0 (http://www.w3.org/2001/10/xml-exc-c14n#); else REC-xml-c14n-20010315. */
  readonly exclusive: boolean;
  /** `InclusiveNamespaces PrefixList` of the exclusive form; the default namespace is ''. */
  readonly inclusivePrefixes: readonly string[];
  /** Leaves out `ds:Signature` elements (the enveloped-signature transform). */
  readonly withoutSignatures: boolean;
}

const signatureNamespace = 'http://www.w3.org/2000/09/xmldsig#';

interface Frame {
  readonly name: string;
  readonly context: XmlContext;
  /** Namespaces that the output already states, '' included. */
  readonly rendered: ReadonlyMap<string, string>;
}

/**
 * The canonical form, without comments, of a recorded subtree, as signatures digest it: inherited namespaces
 * (inclusive: and `xml:` attributes) on the apex, sorted namespaces and attributes, one way to escape.
 */
export function canonicalXml(subtree: XmlSubtree, form: CanonicalForm): string {
  const frames: Frame[] = [{ name: '', context: subtree.context, rendered: new Map() }];
  let output = '';
  let skipped = 0;
  for (const event of subtree.events) {
    if (typeof event === 'string') {
      if (skipped === 0) output += escapedText(event);
      continue;
    }
    switch (event.kind) {
      case 'open':
        if (skipped > 0 || (form.withoutSignatures && isSignature(event, top(frames))))
          skipped += 1;
        else output += opened(event, frames, form);
        break;
      case 'close':
        if (skipped > 0) skipped -= 1;
        else output += `</${frames.pop()?.name ?? ''}>`;
        break;
      case 'instruction':
        if (skipped === 0)
          output += `<?${event.target}${event.body === '' ? '' : ' '}${event.body}?>`;
    }
  }
  return output;
}

/**
 * {@link canonicalXml} in pieces, for a digest. Most signed documents are written in canonical form: then their bytes are
 * taken as they are, and only the start tag, which may inherit namespaces, is made.
 */
export function canonicalPieces(
  subtree: XmlSubtree,
  form: CanonicalForm,
): readonly (string | Uint8Array)[] {
  const { asWritten } = subtree;
  const isOther =
    form.exclusive && (asWritten?.prefixed() === true || form.inclusivePrefixes.length > 0);
  if (asWritten === undefined || isOther) return [canonicalXml(subtree, form)];
  const start = asWritten.start();
  if (start) return [...start, ...asWritten.rest];
  const frames: Frame[] = [{ name: '', context: subtree.context, rendered: new Map() }];
  return [opened(asWritten.apex(), frames, form), ...asWritten.rest];
}

/** Whether a subtree holds a `ds:Signature`. */
export function holdsSignature(subtree: XmlSubtree): boolean {
  if (subtree.asWritten !== undefined) return false;
  return subtree.events.some(
    (event) =>
      typeof event === 'object' && event.kind === 'open' && localName(event.name) === 'Signature',
  );
}

function top(frames: readonly Frame[]): Frame {
  const frame = frames.at(-1);
  if (!frame) throw new RangeError('unbalanced XML events');
  return frame;
}

function isSignature(open: XmlOpen, parent: Frame): boolean {
  if (localName(open.name) !== 'Signature') return false;
  const { namespaces } = contextInside(parent.context, open.attributes);
  return namespaces.get(prefixOf(open.name)) === signatureNamespace;
}

function opened(open: XmlOpen, frames: Frame[], form: CanonicalForm): string {
  const parent = top(frames);
  const apex = frames.length === 1;
  const context = contextInside(parent.context, open.attributes);
  if (!apex && !form.exclusive && context === parent.context && !hasAny(open.attributes)) {
    frames.push({ name: open.name, context, rendered: parent.rendered });
    return `<${open.name}>`;
  }
  const namespaces = toRender(open, context, parent.rendered, form);
  const rendered =
    namespaces.length === 0 ? parent.rendered : new Map([...parent.rendered, ...namespaces]);
  frames.push({ name: open.name, context, rendered });
  const inherited = apex && !form.exclusive ? context.xmlAttributes : undefined;
  const written = namespaces.map(
    ([prefix, uri]) => ` xmlns${prefix === '' ? '' : ':'}${prefix}="${escapedAttribute(uri)}"`,
  );
  return `<${open.name}${written.join('')}${attributesText(open.attributes, inherited, context)}>`;
}

/** The namespaces that must be stated on an element, sorted by prefix, the default one first. */
function toRender(
  open: XmlOpen,
  context: XmlContext,
  rendered: ReadonlyMap<string, string>,
  form: CanonicalForm,
): readonly (readonly [string, string])[] {
  const candidates = form.exclusive
    ? new Set([...usedPrefixes(open), ...form.inclusivePrefixes])
    : context.namespaces.keys();
  const pairs: (readonly [string, string])[] = [];
  for (const prefix of candidates) {
    const uri = context.namespaces.get(prefix) ?? '';
    if (prefix === 'xml' || uri === (rendered.get(prefix) ?? '')) continue;
    pairs.push([prefix, uri]);
  }
  return pairs.sort(([a], [b]) => byCodePoint(a, b));
}

function usedPrefixes(open: XmlOpen): readonly string[] {
  const prefixes = [prefixOf(open.name)];
  for (const name in open.attributes)
    if (declaredPrefix(name) === undefined && name.includes(':')) prefixes.push(prefixOf(name));
  return prefixes;
}

function attributesText(
  attributes: XmlAttributes,
  inherited: ReadonlyMap<string, string> | undefined,
  context: XmlContext,
): string {
  const all = new Map(inherited);
  for (const name in attributes)
    if (declaredPrefix(name) === undefined) all.set(name, attributes[name] ?? '');
  return [...all]
    .map(([name, value]) => ({ name, value, uri: attributeNamespace(name, context) }))
    .sort((a, b) => byCodePoint(a.uri, b.uri) || byCodePoint(localName(a.name), localName(b.name)))
    .map(({ name, value }) => ` ${name}="${escapedAttribute(value)}"`)
    .join('');
}

function attributeNamespace(name: string, context: XmlContext): string {
  const prefix = prefixOf(name);
  if (prefix === '') return '';
  if (prefix === 'xml') return 'http://www.w3.org/XML/1998/namespace';
  return context.namespaces.get(prefix) ?? '';
}

function prefixOf(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? '' : name.slice(0, colon);
}

function byCodePoint(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function hasAny(attributes: XmlAttributes): boolean {
  for (const _name in attributes) return true;
  return false;
}

const textEscapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\r': '&#xD;',
};

const toEscape = /[&<>\r]/;

/** Character data as canonical XML writes it. */
export function escapedText(text: string): string {
  if (!toEscape.test(text)) return text;
  return text.replace(/[&<>\r]/g, (character) => textEscapes[character] ?? character);
}

const attributeEscapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};

/** An attribute's value as canonical XML writes it. */
export function escapedAttribute(value: string): string {
  return value.replace(/[&<"\t\n\r]/g, (character) => attributeEscapes[character] ?? character);
}
