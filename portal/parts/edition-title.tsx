import type { ReactNode } from 'react';
import { type Facts, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { Link } from '../router.tsx';
import { periodText } from '../period-text.ts';

/** The reference of an edition as the API names it. */
export function editionReference(edition: unknown): string {
  return textAt(edition, 'ref') ?? textAt(edition, 'reference') ?? textAt(edition, 'id') ?? '';
}

/** An edition's name, leading to it. */
export function EditionTitle({ edition }: { readonly edition: Facts }): ReactNode {
  const { say, language } = useSpeech();
  const name = say(edition['title'] ?? edition['label'] ?? edition['report']);
  const version = textAt(edition, 'version') ?? textAt(edition, 'number') ?? '1';
  return (
    <Link href={`/editions/${encodeURIComponent(editionReference(edition))}`}>
      {name}, {periodText(textAt(edition, 'period') ?? '', language)} (v{version})
    </Link>
  );
}
