import { SaxesParser } from 'saxes';
import type { XmlDecoder } from './xml-encoding.ts';
import { declarationBytes, wholeText, xmlDecoder } from './xml-encoding.ts';
import type { XmlLimits } from './xml-limits.ts';
import { xmlLimits } from './xml-limits.ts';
import { localName } from './xml-local-name.ts';
import { xmlError } from './xml-trouble.ts';

/** Attribute values by qualified name, as parsed (no defaults: there is no DTD). */
export type XmlAttributes = Readonly<Record<string, string>>;

/** What happens in a document. Names: `local` without prefix, `name` as written. */
export interface XmlHandler {
  open(local: string, name: string, attributes: XmlAttributes): void;
  /** Character data with references resolved and line ends normalised; may come in pieces. */
  text(text: string): void;
  close(local: string, name: string): void;
  instruction(target: string, body: string): void;
}

/** Shared by all elements without attributes: most of them. */
const noAttributes: XmlAttributes = {};

/** The five entities of XML; without a prototype, so that `&constructor;` is undefined. */
const entities: Record<string, string> = Object.assign(Object.create(null) as object, {
  amp: '&',
  gt: '>',
  lt: '<',
  quot: '"',
  apos: "'",
});

/** Pieces in which text reaches the parser; a token is measured in them. */
const pieceCharacters = 1 << 16;

/**
 * A streaming, strict XML 1.0 reader. A DTD is refused, so no entity is ever expanded (XXE, billion laughs);
 * depth, attributes, names, tokens and length are capped. Throws `data` errors that name file and line.
 */
export class XmlReader {
  readonly #handler: XmlHandler;
  readonly #file: string;
  readonly #limits: XmlLimits;
  readonly #parser = new SaxesParser({
    xmlns: false,
    position: false,
    // XML 1.1 would let control characters in as references.
    forceXMLVersion: true,
    defaultXMLVersion: '1.0',
  });
  #decoder: XmlDecoder | undefined;
  #held: Uint8Array | undefined;
  #depth = 0;
  #characters = 0;
  /** Characters given to the parser since it last reported anything. */
  #silent = 0;
  #ending = false;
  /** Whether only white space was read. */
  #blank = true;

  constructor(handler: XmlHandler, file: string, limits: XmlLimits = xmlLimits) {
    this.#handler = handler;
    this.#file = file;
    this.#limits = limits;
    this.#listen();
  }

  /** Reads the next bytes. */
  write(bytes: Uint8Array): void {
    const start = this.#held ? Buffer.concat([this.#held, bytes]) : bytes;
    if (!this.#decoder && start.length < declarationBytes) {
      this.#held = start;
      return;
    }
    this.#held = undefined;
    this.#decoder ??= xmlDecoder(start, this.#file);
    this.#feed(this.#decoder.text(start, false));
  }

  /** Reads a whole document; faster than in pieces. */
  whole(bytes: Uint8Array): void {
    this.#feed(wholeText(bytes, this.#file));
    this.#finish();
  }

  /** Says that no more bytes follow; throws if the document is not complete. */
  end(): void {
    const rest = this.#held ?? new Uint8Array();
    this.#decoder ??= xmlDecoder(rest, this.#file);
    this.#feed(this.#decoder.text(rest, true));
    this.#finish();
  }

  #finish(): void {
    this.#ending = true;
    if (this.#blank) throw this.#trouble('xml-empty', '');
    this.#parse(null);
  }

  #feed(text: string): void {
    if (this.#blank) this.#lookAtStart(text);
    this.#characters += text.length;
    if (this.#characters > this.#limits.characters) throw this.#trouble('xml-too-long', '');
    for (let at = 0; at < text.length; at += pieceCharacters) {
      const piece = text.length <= pieceCharacters ? text : text.slice(at, at + pieceCharacters);
      this.#silent += piece.length;
      this.#parse(piece);
      if (this.#silent > this.#limits.token) throw this.#trouble('xml-token-too-long', '');
    }
  }

  #parse(piece: string | null): void {
    try {
      this.#parser.write(piece);
    } catch (error) {
      // saxes throws plain errors; anything else is the handler's own.
      if (!(error instanceof Error) || error.name !== 'Error') throw error;
      throw this.#trouble(this.#ending ? 'xml-truncated' : 'xml-malformed', error.message);
    }
  }

  #lookAtStart(text: string): void {
    const start = text.trimStart().slice(0, 200);
    this.#blank = start === '';
    if (/^<(!doctype\s+html|html)\b/i.test(start)) throw this.#trouble('xml-html', '');
    if (start !== '' && !start.startsWith('<'))
      throw this.#trouble('xml-not-xml', start.slice(0, 40));
  }

  /**
   * Few handlers, each set once: with more than some eight of them V8 turns the parser into a dictionary and reads
   * five times slower. Hence errors are caught where text is written, and attributes are counted with their element.
   */
  #listen(): void {
    const parser = this.#parser;
    parser.ENTITIES = entities;
    parser.on('doctype', () => {
      throw this.#trouble('xml-dtd', '');
    });
    parser.on('opentag', (tag) => this.#open(tag.name, tag.attributes));
    parser.on('closetag', (tag) => {
      this.#silent = 0;
      this.#depth -= 1;
      this.#handler.close(localName(tag.name), tag.name);
    });
    this.#listenToText();
  }

  #listenToText(): void {
    const told = (text: string) => {
      this.#silent = 0;
      if (text.length > this.#limits.token) throw this.#trouble('xml-token-too-long', '');
      if (this.#depth > 0) this.#handler.text(text);
    };
    this.#parser.on('text', told);
    this.#parser.on('cdata', told);
    this.#parser.on('comment', () => {
      this.#silent = 0;
    });
    this.#parser.on('processinginstruction', ({ target, body }) => {
      this.#silent = 0;
      this.#handler.instruction(target, body);
    });
  }

  #open(name: string, attributes: XmlAttributes): void {
    this.#silent = 0;
    this.#depth += 1;
    let count = 0;
    for (const attribute in attributes) {
      this.#checkName(attribute);
      count += 1;
    }
    if (count > this.#limits.attributes)
      throw this.#trouble('xml-too-many-attributes', `${name}: ${count}`);
    if (this.#depth > this.#limits.depth) throw this.#trouble('xml-too-deep', String(this.#depth));
    this.#checkName(name);
    this.#handler.open(localName(name), name, count === 0 ? noAttributes : attributes);
  }

  #checkName(name: string): void {
    if (name.length > this.#limits.name)
      throw this.#trouble('xml-name-too-long', name.slice(0, 40));
  }

  #trouble(code: Parameters<typeof xmlError>[0], detail: string): Error {
    return xmlError(code, this.#file, this.#parser.line, detail);
  }
}

/** Reads a whole document. */
export function readXml(
  bytes: Uint8Array,
  file: string,
  handler: XmlHandler,
  limits: XmlLimits = xmlLimits,
): void {
  new XmlReader(handler, file, limits).whole(bytes);
}

/** Reads a document as its bytes come. */
export async function readXmlStream(
  source: AsyncIterable<Uint8Array>,
  file: string,
  handler: XmlHandler,
  limits: XmlLimits = xmlLimits,
): Promise<void> {
  const reader = new XmlReader(handler, file, limits);
  for await (const bytes of source) reader.write(bytes);
  reader.end();
}
