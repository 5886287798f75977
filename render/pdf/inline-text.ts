import { assertNever } from '../../core/assert-never.ts';
import type { Language } from '../../core/localized.ts';
import type { Inline } from '../document.ts';
import { figureText } from '../figure-text.ts';
import { printableText } from '../font/tinos.ts';
import type { TextNode } from './pdf-node.ts';

/** Text in one style. */
export type Run = TextNode & { readonly text: string };

/** Runs of text and figures as pdfmake runs. */
export function inlineNodes(inlines: readonly Inline[], language: Language): readonly Run[] {
  return inlines.map((inline) => inlineNode(inline, language));
}

function inlineNode(inline: Inline, language: Language): Run {
  switch (inline.kind) {
    case 'text':
      return {
        text: printableText(inline.text),
        bold: inline.bold ?? false,
        italics: inline.italic ?? false,
      };
    case 'figure':
      return { text: figureText(inline, language) };
    default:
      return assertNever(inline);
  }
}
