import { SaxesParser } from 'saxes';

type Open = { readonly name: string; readonly defaultNamespace: string };

function text(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * Canonical XML 1.0 of the elements with an `Id`, by that Id, for documents that use default
 * namespaces only: written anew from a parse, independent of how the simulator writes.
 */
export function canonicalById(xml: string): ReadonlyMap<string, string> {
  const parser = new SaxesParser({ xmlns: true });
  const stack: Open[] = [];
  const open: { readonly id: string; readonly depth: number; parts: string[] }[] = [];
  const result = new Map<string, string>();
  const emit = (part: string): void => {
    for (const capture of open) capture.parts.push(part);
  };
  parser.on('opentag', (tag) => {
    const inherited = stack.at(-1)?.defaultNamespace ?? '';
    const attributes = Object.values(tag.attributes).filter(({ name }) => name !== 'xmlns');
    const sorted = attributes.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const written = sorted.map(({ name, value }) => ` ${name}="${text(value)}"`).join('');
    const id = attributes.find(({ name }) => name === 'Id')?.value;
    const declared = ` xmlns="${tag.uri}"`;
    emit(`<${tag.name}${tag.uri === inherited ? '' : declared}${written}>`);
    stack.push({ name: tag.name, defaultNamespace: tag.uri });
    if (id !== undefined) {
      const apex = `<${tag.name}${tag.uri === '' ? '' : declared}${written}>`;
      open.push({ id, depth: stack.length, parts: [apex] });
    }
  });
  parser.on('text', (value) => {
    emit(text(value));
  });
  parser.on('closetag', (tag) => {
    emit(`</${tag.name}>`);
    const last = open.at(-1);
    if (last?.depth === stack.length) {
      result.set(last.id, last.parts.join(''));
      open.pop();
    }
    stack.pop();
  });
  parser.write(xml).close();
  return result;
}
