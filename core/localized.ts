/** The languages in which every label and message exists. Vietnamese is the default. */
export type Language = 'vi' | 'en';

/** A text a person sees, in both languages. */
export interface Localized {
  readonly vi: string;
  readonly en: string;
}
