import type { Inline, Text } from '../../render/document.ts';

/** A text. */
export function text(words: string): Text {
  return { kind: 'text', text: words };
}

/** A sentence with its figures in place: inlines`Tiếp nhận ${figure} hồ sơ.` */
export function inlines(
  words: TemplateStringsArray,
  ...values: readonly (Inline | string)[]
): readonly Inline[] {
  const parts = words.flatMap((word, index) => [word, ...values.slice(index, index + 1)]);
  return joined(parts.map((part) => (typeof part === 'string' ? text(part) : part)));
}

/** Figures with words between them: `a + b + c`. */
export function separated(figures: readonly Inline[], words: string): readonly Inline[] {
  return figures.flatMap((figure, index) => (index === 0 ? [figure] : [text(words), figure]));
}

function joined(parts: readonly Inline[]): readonly Inline[] {
  return parts.filter((part) => part.kind === 'figure' || part.text !== '');
}
