import type { XmlAttributes } from './xml-reader.ts';

/** One element's start. */
export interface XmlOpen {
  readonly kind: 'open';
  readonly name: string;
  readonly attributes: XmlAttributes;
}

/** A processing instruction. */
export interface XmlInstruction {
  readonly kind: 'instruction';
  readonly target: string;
  readonly body: string;
}

/** One element's end: of the innermost open one. */
export const xmlClose = { kind: 'close' } as const;

/** What a recorded subtree consists of; a string is character data. */
export type XmlEvent = XmlOpen | XmlInstruction | typeof xmlClose | string;

/** What an element inherits from its ancestors. */
export interface XmlContext {
  /** Namespace URI by prefix; the default namespace under ''. */
  readonly namespaces: ReadonlyMap<string, string>;
  /** `xml:lang`, `xml:space` … by name. */
  readonly xmlAttributes: ReadonlyMap<string, string>;
}

/** The document's own context. */
export const rootContext: XmlContext = { namespaces: new Map(), xmlAttributes: new Map() };

/** The events of one element, its start and end included, and the context of its parent. */
export interface XmlSubtree {
  readonly events: readonly XmlEvent[];
  readonly context: XmlContext;
  /** Present where all after the start tag is nearly written in inclusive canonical form, and holds no signature. */
  readonly asWritten?: AsWritten | undefined;
}

/** A start tag, and all after it in canonical form. */
export interface AsWritten {
  readonly apex: () => XmlOpen;
  /** The start tag in canonical form, inclusive and exclusive, where that is easily told. */
  readonly start: () => readonly (Uint8Array | string)[] | undefined;
  readonly rest: readonly (Uint8Array | string)[];
  /** Whether names have prefixes: then the exclusive form may be another. */
  readonly prefixed: () => boolean;
}

/** The prefix that an attribute declares, '' for `xmlns`; undefined if it declares none. */
export function declaredPrefix(name: string): string | undefined {
  if (name === 'xmlns') return '';
  return name.startsWith('xmlns:') ? name.slice(6) : undefined;
}

/** The context inside an element. The same object when the element changes nothing. */
export function contextInside(parent: XmlContext, attributes: XmlAttributes): XmlContext {
  let context = parent;
  for (const name in attributes) {
    if (!name.startsWith('xml')) continue;
    const value = attributes[name] ?? '';
    const prefix = declaredPrefix(name);
    if (prefix !== undefined)
      context = { ...context, namespaces: new Map(context.namespaces).set(prefix, value) };
    else if (name.startsWith('xml:'))
      context = { ...context, xmlAttributes: new Map(context.xmlAttributes).set(name, value) };
  }
  return context;
}
