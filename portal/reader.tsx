import { createContext, type ReactNode, useContext } from 'react';
import { at, textAt } from './facts.ts';

/** The signed-in person: who, and what the API lets them do. */
export interface Reader {
  readonly name: string;
  /** As the journal and the requests name them. */
  readonly actor: string;
  /** Only an agency's own data. */
  readonly agency: string | undefined;
  /** Whether an operation of the API is open to them: what is not is not offered. */
  readonly may: (operation: string) => boolean;
}

const ReaderContext = createContext<Reader | undefined>(undefined);

/** Gives the pages their reader, from the answer of `/session`. */
export function ReaderProvider(props: {
  readonly person: unknown;
  readonly children: ReactNode;
}): ReactNode {
  const { person, children } = props;
  const allowed = at(person, 'may');
  const operations = new Set(Array.isArray(allowed) ? allowed.map(String) : []);
  const reader: Reader = {
    name: textAt(person, 'name') ?? '',
    actor: textAt(person, 'actor') ?? '',
    agency: textAt(person, 'agency'),
    may: (operation) => operations.has(operation),
  };
  return <ReaderContext.Provider value={reader}>{children}</ReaderContext.Provider>;
}

/** The reader of this page. */
export function useReader(): Reader {
  const reader = useContext(ReaderContext);
  if (!reader) throw new TypeError('outside ReaderProvider');
  return reader;
}
