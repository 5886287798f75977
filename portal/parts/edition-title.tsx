import type { ReactNode } from 'react';
import { type Facts, textAt } from '../facts.ts';
import { useSpeech } from '../language.tsx';
import { Link } from '../router.tsx';
import { periodText } from '../period-text.ts';

/** The reference of an edition as the API names it. */
export function editionReference(edition: unknown): string {
  return textAt(edition, 'id') ?? textAt(edition, 'reference') ?? '';
}

/** An edition's name, leading to it. */
export function EditionTitle(props: {
  readonly edition: Facts;
  readonly nameOf: (report: string) => string;
}): ReactNode {
  const { edition, nameOf } = props;
  const { language } = useSpeech();
  const name = nameOf(textAt(edition, 'report') ?? '');
  const version = textAt(edition, 'version') ?? '1';
  return (
    <Link href={`/editions/${encodeURIComponent(editionReference(edition))}`}>
      {name}, {periodText(textAt(edition, 'period') ?? '', language)} (v{version})
    </Link>
  );
}
