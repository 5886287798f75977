/** Caps under which XML is read. */
export interface XmlLimits {
  readonly depth: number;
  /** Attributes of one element. */
  readonly attributes: number;
  /** Characters of an element or attribute name. */
  readonly name: number;
  /** Characters of one token: a text, a comment, an attribute value. */
  readonly token: number;
  /** Characters of the whole document. */
  readonly characters: number;
}

/** Defaults: invoices nest 10 deep with a few attributes; the longest texts are certificates of a few KB. */
export const xmlLimits: XmlLimits = {
  depth: 100,
  attributes: 100,
  name: 200,
  token: 1 << 20,
  characters: 2 ** 31,
};
