import type { Localized } from '../core/localized.ts';
import type { ExitCode } from './environment.ts';
import type { Shell } from './shell.ts';

/** One option, spelled as commander reads it: `--stream <name>`, `--full`, `--set <pairs...>`. */
export interface OptionSpec {
  readonly flags: string;
  readonly summary: Localized;
  readonly required?: boolean;
  readonly choices?: readonly string[];
}

/** One command: `source show <name>`. */
export interface CommandSpec {
  readonly usage: string;
  readonly summary: Localized;
  readonly options?: readonly OptionSpec[];
  /** Answers the exit code; nothing means 0. */
  readonly run: (shell: Shell, given: Given) => Promise<ExitCode> | Promise<void>;
}

/** What the person typed after the command's name. */
export class Given {
  readonly #values: ReadonlyMap<string, unknown>;

  constructor(values: ReadonlyMap<string, unknown>) {
    this.#values = values;
  }

  /** A required argument or option (commander has seen to it that it is there). */
  text(name: string): string {
    return this.optional(name) ?? '';
  }

  /** An argument or option that may be absent. */
  optional(name: string): string | undefined {
    const value = this.#values.get(name);
    return typeof value === 'string' ? value : undefined;
  }

  /** A switch. */
  flag(name: string): boolean {
    return this.#values.get(name) === true;
  }

  /** A repeatable option or rest argument. */
  list(name: string): readonly string[] {
    const value = this.#values.get(name);
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  }

  /** The named options that were given, as members of a request. */
  pick(...names: readonly string[]): Record<string, string> {
    return Object.fromEntries(
      names.flatMap((name) => {
        const value = this.optional(name);
        return value === undefined ? [] : [[name, value] as const];
      }),
    );
  }
}
