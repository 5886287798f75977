import { useCallback, useEffect, useState } from 'react';
import { ask } from './api.ts';

/** How far a question has got. */
export type AnswerState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'answered'; readonly answer: unknown };

/** Asks the API when the path changes, and again on `reload`. A late answer to an old path is dropped. */
export function useAnswer(path: string): {
  readonly state: AnswerState;
  readonly reload: () => void;
} {
  const [state, setState] = useState<AnswerState>({ kind: 'loading' });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let current = true;
    setState({ kind: 'loading' });
    ask(path).then(
      (answer) => current && setState({ kind: 'answered', answer }),
      (error: unknown) => current && setState({ kind: 'failed', error }),
    );
    return () => {
      current = false;
    };
  }, [path, turn]);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  return { state, reload };
}
