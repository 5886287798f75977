const onset = '(?:b|c|ch|d|đ|g|gh|gi|h|k|kh|l|m|n|ng|ngh|nh|p|ph|qu|r|s|t|th|tr|v|x)?';

/** Vowel groups that a consonant may follow, and those that end a syllable; quality marks included, tones not. */
const inner = 'a|ă|â|e|ê|i|o|ô|ơ|u|ư|y|iê|yê|uô|ươ|oa|oă|oe|uâ|uê|uy|uyê|oo';
const final =
  'ia|ua|ưa|ai|ao|au|ay|âu|ây|eo|êu|iu|oi|ôi|ơi|ui|ưi|ưu|iêu|yêu|uôi|ươi|ươu|oai|oay|oao|oeo|uây|uya|uyu|uơ|uôi|ya';

/** A syllable, lower case, in NFC, its tone mark taken out. */
const syllable = new RegExp(`^${onset}(?:(?:${inner})(?:ch|c|m|ng|nh|n|p|t)?|${final})$`);

/** A syllable that ends with a stop has one of two tones: acute or dot below. */
const stopped = /(?:ch|c|p|t)$/;
const stoppedTones = /[\u0301\u0323]/;

const tones = /[\u0300\u0301\u0303\u0309\u0323]/g;

/**
 * How Vietnamese a text is: the share, from 0 to 1, of its words with other than ASCII letters that can be Vietnamese
 * syllables; undefined when there is no such word.
 * @param anyCase - capitals may stand inside a word (ABC fonts have no accented capitals)
 */
export function vietnameseShare(text: string, anyCase: boolean): number | undefined {
  const words = text.normalize('NFC').match(/[\p{L}\p{M}\u0080-\u00bf\u2013-\u2122]+/gu) ?? [];
  const marked = words.filter((word) => /[^\u0020-\u007e]/.test(word));
  if (marked.length === 0) return undefined;
  return marked.filter((word) => isSyllable(word, anyCase)).length / marked.length;
}

function isSyllable(word: string, anyCase: boolean): boolean {
  if (!anyCase && !/^(\p{Lu}?\p{Ll}*|\p{Lu}+)$/u.test(word)) return false;
  const letters = word.toLowerCase().normalize('NFD');
  const found = letters.match(tones) ?? [];
  const bare = letters.replaceAll(tones, '').normalize('NFC');
  if (found.length > 1 || !syllable.test(bare)) return false;
  return !stopped.test(bare) || stoppedTones.test(found[0] ?? '');
}
