import { headerWords } from './header-words.ts';

/** An administrative unit's name as it is compared. */
export interface AreaWords {
  /** Its kind, where the text says it: `phường`, `xã`, …; as in the dimension. */
  readonly kind: string | undefined;
  readonly name: string;
}

/** Kinds as officials write and shorten them; longer ones first. */
const kinds: readonly (readonly [string, string])[] = (
  [
    ['thành phố', ['thành phố', 'thành phố trực thuộc trung ương', 'tp']],
    ['thị trấn', ['thị trấn', 'tt']],
    ['thị xã', ['thị xã', 'tx']],
    ['đặc khu', ['đặc khu', 'đk']],
    ['phường', ['phường', 'p', 'ph']],
    ['huyện', ['huyện', 'h']],
    ['quận', ['quận', 'q']],
    ['tỉnh', ['tỉnh', 't']],
    ['xã', ['xã', 'x']],
  ] as const
)
  .flatMap(([kind, spellings]) =>
    spellings.map((spelling) => [headerWords(spelling), kind] as const),
  )
  .sort(([a], [b]) => b.length - a.length);

/**
 * A unit's name without its kind, letter case and spelling of tones (`P. An Biên`, `Phường an biên`); numbers without
 * leading zeros (`Phường 01`). A name that is nothing but a kind's word keeps it.
 */
export function areaWords(text: string): AreaWords {
  const words = headerWords(text);
  const found = kinds.find(([spelling]) => words.startsWith(`${spelling} `));
  if (found === undefined) return { kind: undefined, name: numbered(words) };
  return { kind: found[1], name: numbered(words.slice(found[0].length + 1)) };
}

function numbered(words: string): string {
  return words.replaceAll(/\b0+(?=\d)/g, '');
}
