import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { at } from './facts.ts';

/** The portal's languages. */
export type Language = 'vi' | 'en';

/** Speaking to the reader. */
export interface Speech {
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
  /** The text in the reader's language. */
  readonly t: (vi: string, en: string) => string;
  /** A `{vi, en}` value of the API, or a plain text, in the reader's language. */
  readonly say: (value: unknown) => string;
}

const SpeechContext = createContext<Speech | undefined>(undefined);

/** Gives the portal its language, remembered in this browser. */
export function SpeechProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [language, setLanguage] = useState<Language>(() =>
    localStorage.getItem('phusa-language') === 'en' ? 'en' : 'vi',
  );
  document.documentElement.lang = language;
  useEffect(() => localStorage.setItem('phusa-language', language), [language]);
  const speech: Speech = {
    language,
    setLanguage,
    t: (vi, en) => (language === 'vi' ? vi : en),
    say: (value) => spoken(value, language),
  };
  return <SpeechContext.Provider value={speech}>{children}</SpeechContext.Provider>;
}

/** The language in use. */
export function useSpeech(): Speech {
  const speech = useContext(SpeechContext);
  if (!speech) throw new TypeError('outside SpeechProvider');
  return speech;
}

function spoken(value: unknown, language: Language): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = at(value, language) ?? at(value, 'vi');
  return typeof text === 'string' ? text : JSON.stringify(value);
}
