import type { Json } from '../core/json.ts';
import type { Language, Localized } from '../core/localized.ts';
import type { ApiClient } from './api-client.ts';
import type { CliEnvironment, Output } from './environment.ts';

/** What a command speaks through: results to standard output, everything else to standard error. */
export interface Shell {
  readonly environment: CliEnvironment;
  readonly language: Language;
  readonly json: boolean;
  readonly api: ApiClient;
  /** The command's one result: a JSON document with `--json`, else as people read it. */
  show(result: Json, present: (result: Json) => string): void;
  /** A remark on standard error. */
  remark(text: Localized): void;
}

/** What a shell is made of; `beforeText` clears the progress bar. */
type ShellParts = Omit<Shell, 'show' | 'remark'> & { readonly beforeText: () => void };

/** Makes a shell around a client. */
export function createShell({ beforeText, ...parts }: ShellParts): Shell {
  const { stdout, stderr } = parts.environment;
  return {
    ...parts,
    show: (result, present) => {
      beforeText();
      showResult(stdout, result, parts.json, present);
    },
    remark: (text) => {
      beforeText();
      stderr.write(`${text[parts.language]}\n`);
    },
  };
}

/** Writes a result: exactly one JSON document, or text ending in one line break. */
export function showResult(
  stdout: Output,
  result: Json,
  json: boolean,
  present: (result: Json) => string,
): void {
  stdout.write(`${json ? JSON.stringify(result, null, 2) : present(result)}\n`);
}
