const grave = '\u0300';
const acute = '\u0301';
const circumflex = '\u0302';
const tilde = '\u0303';
const breve = '\u0306';
const hook = '\u0309';
const below = '\u0323';

/**
 * VNI for Windows writes a vowel and after it a byte of Latin-1 that stands for its marks; from the table in "VNI
 * Encoding for Windows" of VNI Software. By the lower-case byte's character; a capital carries the upper-case one.
 */
const marks: Readonly<Record<string, string>> = {
  ù: acute,
  ø: grave,
  û: hook,
  õ: tilde,
  ï: below,
  ê: breve,
  é: breve + acute,
  è: breve + grave,
  ú: breve + hook,
  ü: breve + tilde,
  ë: breve + below,
  â: circumflex,
  á: circumflex + acute,
  à: circumflex + grave,
  å: circumflex + hook,
  ã: circumflex + tilde,
  ä: circumflex + below,
};

/** Letters that have a byte of their own, by its Latin-1 character. */
const letters: Readonly<Record<string, string>> = {
  ñ: 'đ',
  í: 'í',
  ì: 'ì',
  æ: 'ỉ',
  ó: 'ĩ',
  ò: 'ị',
  ô: 'ơ',
  ö: 'ư',
  î: 'ỵ',
};

const vowel = /[aeouyôö]/;

/**
 * Turns VNI text that was read as Latin-1 into decomposed Unicode.
 * @param before - the Latin-1 character before the text, for marks may follow it; empty at the start
 */
export function fromVni(text: string, before: string): string {
  let previous = before.toLowerCase();
  let out = '';
  for (const char of text) {
    const lower = char.toLowerCase();
    const mark = vowel.test(previous) ? marks[lower] : undefined;
    out += mark ?? sameCase(letters[lower] ?? lower, char !== lower);
    previous = lower;
  }
  return out;
}

function sameCase(letter: string, isUpper: boolean): string {
  return isUpper ? letter.toUpperCase() : letter;
}
