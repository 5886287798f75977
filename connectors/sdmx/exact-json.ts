/**
 * JSON with its numbers as texts, so that none loses a digit; throws SyntaxError for a text that is no JSON.
 * Numbers and the words `NaN`, `Infinity` are found outside strings only.
 */
export function exactJson(text: string): unknown {
  JSON.parse(text);
  const token = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
  return JSON.parse(text.replace(token, (found) => (found.startsWith('"') ? found : `"${found}"`)));
}
