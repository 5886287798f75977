import type { Localized } from './localized.ts';

/** What the caller does next: give up, try again, skip this one, or show the data's owner. */
export type ErrorGroup = 'fatal' | 'retriable' | 'skippable' | 'data';

/** Where the trouble is, as far as it is known. */
export interface ErrorPlace {
  readonly source?: string;
  readonly stream?: string;
  readonly batch?: string;
  readonly file?: string;
  readonly sheet?: string;
  readonly line?: number;
  readonly column?: number;
  readonly row?: number;
  readonly field?: string;
  readonly value?: string;
}

/** The parts of a {@link PhusaError}. */
export interface ErrorParts {
  readonly group: ErrorGroup;
  /** Stable, kebab-case; people script against it. */
  readonly code: string;
  readonly message: Localized;
  /** What to do next. */
  readonly remedy?: Localized;
  readonly place?: ErrorPlace;
  /** Where the whole of it is kept, where this is only its outline. */
  readonly kept?: string;
  readonly cause?: unknown;
}

/** The one error class: grouped by what the caller does next, in both languages, with place and remedy. */
export class PhusaError extends Error {
  override readonly name = 'PhusaError';
  readonly group: ErrorGroup;
  readonly code: string;
  readonly text: Localized;
  readonly remedy: Localized | undefined;
  readonly place: ErrorPlace;
  readonly kept: string | undefined;

  constructor(parts: ErrorParts) {
    super(parts.message.en, { cause: parts.cause });
    this.group = parts.group;
    this.code = parts.code;
    this.text = parts.message;
    this.remedy = parts.remedy;
    this.place = parts.place ?? {};
    this.kept = parts.kept;
  }
}

/** The error as pipelines and the API see it: plain data, no class. */
export interface Failure {
  readonly group: ErrorGroup;
  readonly code: string;
  readonly message: Localized;
  readonly remedy?: Localized;
  readonly place?: ErrorPlace;
  readonly kept?: string;
}

/** Turns anything thrown into a {@link Failure}; what we did not raise ourselves is fatal `unexpected`. */
export function failureOf(error: unknown): Failure {
  if (error instanceof PhusaError) {
    const { group, code, text, remedy, place, kept } = error;
    return {
      group,
      code,
      message: text,
      place,
      ...(remedy ? { remedy } : {}),
      ...(kept === undefined ? {} : { kept }),
    };
  }
  const detail = error instanceof Error ? error.message : String(error);
  return {
    group: 'fatal',
    code: 'unexpected',
    message: { vi: `Lỗi ngoài dự kiến: ${detail}`, en: `Unexpected error: ${detail}` },
  };
}
