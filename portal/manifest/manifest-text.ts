import { type Document, parseDocument, stringify } from 'yaml';

/** A way into a manifest: members and indexes. */
export type ManifestPath = readonly (string | number)[];

/** A manifest as its text: the one truth behind the form and the YAML view. Comments and what the form does not know stay. */
export interface ManifestText {
  readonly text: string;
  /** What stands at a path as plain data; undefined where nothing does, or the text is not YAML. */
  at(path: ManifestPath): unknown;
  /** The text with a value put in; undefined takes the member away. The text itself where it is not YAML. */
  with(path: ManifestPath, value: unknown): ManifestText;
}

/** Reads a manifest's text. Never throws. */
export function manifestText(text: string): ManifestText {
  const document = parseDocument(text, { prettyErrors: false });
  const value = document.errors.length > 0 ? undefined : plain(document);
  return {
    text,
    at: (path) => path.reduce<unknown>(memberOf, value),
    with: (path, next) =>
      document.errors.length > 0 ? manifestText(text) : manifestText(changed(text, path, next)),
  };
}

/** A whole manifest as text. */
export function textOfManifest(value: unknown): string {
  return stringify(value, { lineWidth: 0 });
}

function plain(document: Document): unknown {
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return value;
  } catch {
    return undefined;
  }
}

function memberOf(value: unknown, step: string | number): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([name]) => name === String(step))?.[1];
}

function changed(text: string, path: ManifestPath, value: unknown): string {
  const document = parseDocument(text);
  if (value === undefined) document.deleteIn(path);
  else document.setIn(path, document.createNode(value));
  return document.toString({ lineWidth: 0 });
}
