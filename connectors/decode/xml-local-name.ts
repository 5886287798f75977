/** Local names already cut: a document has few names, and cutting would hash each of them again. */
const localNames = new Map<string, string>();
const rememberedNames = 5000;

/** A name of XML without its prefix. */
export function localName(name: string): string {
  const known = localNames.get(name);
  if (known !== undefined) return known;
  if (localNames.size >= rememberedNames) localNames.clear();
  const local = name.slice(name.indexOf(':') + 1);
  localNames.set(name, local);
  return local;
}
