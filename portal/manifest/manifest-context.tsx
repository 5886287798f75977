import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { ask } from '../api.ts';
import { factsAt } from '../facts.ts';
import { manifestProblem, type ManifestProblem } from './manifest-problem.ts';
import { manifestText, type ManifestPath, type ManifestText } from './manifest-text.ts';

/** The manifest being made. */
export interface ManifestDraft {
  readonly manifest: ManifestText;
  readonly problems: readonly ManifestProblem[];
  /** Whether the validator has spoken about the present text. */
  readonly examined: boolean;
  readonly setText: (text: string) => void;
  readonly set: (path: ManifestPath, value: unknown) => void;
  /** Several changes at once, in order. */
  readonly setAll: (changes: readonly (readonly [ManifestPath, unknown])[]) => void;
}

const DraftContext = createContext<ManifestDraft | undefined>(undefined);

/** Gives the fields below their manifest, which the server examines after each change. */
export function ManifestProvider(props: {
  readonly text: string;
  readonly children: ReactNode;
}): ReactNode {
  const [manifest, setManifest] = useState(() => manifestText(props.text));
  const { problems, examined } = useExamined(manifest.text);
  const draft: ManifestDraft = {
    manifest,
    problems,
    examined,
    setText: (text) => setManifest(manifestText(text)),
    set: (path, value) => setManifest((before) => before.with(path, value)),
    setAll: (changes) =>
      setManifest((before) =>
        changes.reduce((text, [path, value]) => text.with(path, value), before),
      ),
  };
  return <DraftContext.Provider value={draft}>{props.children}</DraftContext.Provider>;
}

/** The manifest being made. */
export function useManifest(): ManifestDraft {
  const draft = useContext(DraftContext);
  if (!draft) throw new TypeError('outside ManifestProvider');
  return draft;
}

/** Milliseconds after the last key stroke. */
const pause = 400;

function useExamined(text: string) {
  const [found, setFound] = useState<{ text: string; problems: readonly ManifestProblem[] }>();
  useEffect(() => {
    const examine = async (): Promise<void> => {
      const body = { config: { yaml: text } };
      const answer = await ask('/connectors/manifest/examine', { method: 'POST', body });
      setFound({ text, problems: factsAt(answer, 'problems').map(manifestProblem) });
    };
    const later = setTimeout(() => void examine().catch(() => undefined), pause);
    return () => clearTimeout(later);
  }, [text]);
  return { problems: found?.problems ?? [], examined: found?.text === text };
}
