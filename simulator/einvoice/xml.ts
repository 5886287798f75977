/** Character data as canonical XML writes it. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** An element without attributes, in canonical form (start and end tag even when empty). */
export function element(name: string, content: string | number): string {
  return `<${name}>${String(content)}</${name}>`;
}

/** Writes empty elements the short way; canonical form is the same. */
export function shortEmpty(xml: string): string {
  return xml.replace(/<(\w+)><\/\1>/g, '<$1/>');
}
