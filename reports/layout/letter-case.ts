/** A phrase inside a sentence: `Tháng 10/2026` → `tháng 10/2026`. */
export function lowerFirst(words: string): string {
  return words.charAt(0).toLocaleLowerCase('vi') + words.slice(1);
}

/** A phrase that begins a line. */
export function upperFirst(words: string): string {
  return words.charAt(0).toLocaleUpperCase('vi') + words.slice(1);
}
