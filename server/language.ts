import type { Language } from '../core/localized.ts';

/** The asker's language: `?lang`, else the first of ours in Accept-Language, else Vietnamese. */
export function languageOf(asked: unknown, acceptLanguage: string | undefined): Language {
  if (asked === 'vi' || asked === 'en') return asked;
  const wanted = (acceptLanguage ?? '').toLowerCase().split(',').map(preference);
  wanted.sort((a, b) => b.weight - a.weight);
  return wanted.flatMap(({ language }) => language ?? [])[0] ?? 'vi';
}

function preference(part: string): { language: Language | undefined; weight: number } {
  const [tag = '', ...options] = part.split(';').map((text) => text.trim());
  const weight = Number(options.find((option) => option.startsWith('q='))?.slice(2) ?? 1);
  return { language: ours(tag), weight: Number.isFinite(weight) ? weight : 0 };
}

function ours(tag: string): Language | undefined {
  if (tag.startsWith('vi')) return 'vi';
  return tag.startsWith('en') ? 'en' : undefined;
}
