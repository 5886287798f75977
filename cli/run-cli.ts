import { CommanderError } from 'commander';
import { systemClock } from '../core/clock.ts';
import { readConfiguration } from '../core/configuration.ts';
import type { JsonObject } from '../core/json.ts';
import type { Language } from '../core/localized.ts';
import { ApiClient } from './api-client.ts';
import type { CommandSpec, Given } from './command-spec.ts';
import { connectHome } from './connect.ts';
import type { CliEnvironment, ExitCode } from './environment.ts';
import { presentObject } from './present.ts';
import { describeError, exitCodeOf, problemOfError } from './problem-error.ts';
import { createProgram } from './program.ts';
import { progressDisplay } from './progress-display.ts';
import { createShell, showResult } from './shell.ts';

/**
 * Runs one command line (without node and script) and returns its exit code. Never throws: every error is told on
 * standard error, and with `--json` also as the one document on standard output.
 */
export async function runCli(
  argv: readonly string[],
  environment: CliEnvironment,
): Promise<ExitCode> {
  const language = languageOf(argv, environment);
  const json = argv.includes('--json');
  try {
    return await runProgram(argv, environment, language, json);
  } catch (error) {
    return reportFailure(error, environment, language, json);
  }
}

async function runProgram(
  argv: readonly string[],
  environment: CliEnvironment,
  language: Language,
  json: boolean,
): Promise<ExitCode> {
  let exit: ExitCode = 0;
  const program = createProgram(environment, language, {
    command: async (spec, given) => {
      exit = await runCommand(spec, given, environment, language, json);
    },
    start: async (demo, once) => {
      exit = await environment.start({ demo, once, json });
    },
    worker: async (queues) => {
      exit = await environment.worker({ queues });
    },
    maintain: async (task) => {
      const display = progressDisplay(environment.stderr, language, systemClock);
      const result = await environment
        .maintain(task, display.progress)
        .finally(() => display.end());
      showResult(environment.stdout, result, json, (made) => presentObject(made, language));
      exit = result['equal'] === false ? 1 : 0;
    },
    init: async (solo) => {
      const made: JsonObject = await environment.init({ solo });
      showResult(environment.stdout, made, json, (result) => presentObject(result, language));
    },
  });
  await program.parseAsync([...argv], { from: 'user' });
  return exit;
}

async function runCommand(
  spec: CommandSpec,
  given: Given,
  environment: CliEnvironment,
  language: Language,
  json: boolean,
): Promise<ExitCode> {
  const { home, token } = readConfiguration(environment.env);
  const connection = await connectHome(home, environment);
  const display = progressDisplay(environment.stderr, language, systemClock);
  const { progress } = display;
  const { signal } = environment;
  const { socketPath } = connection;
  try {
    const api = new ApiClient({ socketPath, language, token, progress, signal });
    const shell = createShell({ environment, language, json, api, beforeText: display.end });
    return (await spec.run(shell, given)) ?? 0;
  } finally {
    display.end();
    await connection.close();
  }
}

function reportFailure(
  error: unknown,
  environment: CliEnvironment,
  language: Language,
  json: boolean,
): ExitCode {
  // Help and version are no failures; commander has already written its message.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  environment.stderr.write(describeError(error, language));
  if (json) showResult(environment.stdout, problemOfError(error, language), true, () => '');
  return exitCodeOf(error);
}

/** `--lang` wins over PHUSA_LOCALE; anything else is Vietnamese (a wrong PHUSA_LOCALE is told when it is read). */
function languageOf(argv: readonly string[], { env }: CliEnvironment): Language {
  const at = argv.indexOf('--lang');
  const asked = at >= 0 ? argv[at + 1] : argv.find((word) => word.startsWith('--lang='))?.slice(7);
  return (asked ?? env['PHUSA_LOCALE']) === 'en' ? 'en' : 'vi';
}
