import { Command, Option } from 'commander';
import type { Language, Localized } from '../core/localized.ts';
import { commandTable } from './command-table.ts';
import { type CommandSpec, Given, type OptionSpec } from './command-spec.ts';
import type { CliEnvironment, MaintenanceTask } from './environment.ts';
import { commanderWords, groupSummaries } from './program-words.ts';

/** What happens when a command is chosen. */
export interface ProgramActions {
  readonly command: (spec: CommandSpec, given: Given) => Promise<void>;
  readonly start: (demo: boolean, once: boolean) => Promise<void>;
  readonly init: (solo: boolean) => Promise<void>;
  readonly worker: (queues: readonly string[]) => Promise<void>;
  readonly maintain: (task: MaintenanceTask) => Promise<void>;
}

/** The command line's grammar, in one language, from the table of commands. */
export function createProgram(
  environment: CliEnvironment,
  language: Language,
  actions: ProgramActions,
): Command {
  const program = configure(new Command('phusa'), environment, language)
    .description(programSummary[language])
    .version(environment.version, '--version', versionSummary[language])
    .option('--json', jsonSummary[language])
    .addOption(new Option('--lang <vi|en>', languageSummary[language]).choices(['vi', 'en']));
  addHomeCommands(program, language, actions);
  addMaintenance(program, language, actions);
  for (const spec of commandTable) addCommand(program, spec, language, actions);
  for (const command of allCommands(program)) configure(command, environment, language);
  return program;
}

function addCommand(
  program: Command,
  spec: CommandSpec,
  language: Language,
  actions: ProgramActions,
): void {
  const words = spec.usage.split(' ');
  const names = words.filter((word) => !/^[<[]/.test(word));
  const group = names.length > 1 ? groupOf(program, names[0] ?? '', language) : program;
  const command = group
    .command([names.at(-1), ...words.slice(names.length)].join(' '))
    .description(spec.summary[language]);
  for (const option of spec.options ?? []) command.addOption(optionOf(option, language));
  command.action(async (...args: unknown[]) => {
    await actions.command(spec, givenOf(command, args));
  });
}

function givenOf(command: Command, args: readonly unknown[]): Given {
  const values = new Map<string, unknown>(Object.entries(command.opts()));
  command.registeredArguments.forEach((argument, i) => values.set(argument.name(), args[i]));
  return new Given(values);
}

function optionOf({ flags, summary, required, choices }: OptionSpec, language: Language): Option {
  const option = new Option(flags, summary[language]).makeOptionMandatory(required ?? false);
  return choices === undefined ? option : option.choices(choices);
}

function groupOf(program: Command, name: string, language: Language): Command {
  const found = program.commands.find((command) => command.name() === name);
  return found ?? program.command(name).description(groupSummaries[name]?.[language] ?? '');
}

function addHomeCommands(program: Command, language: Language, actions: ProgramActions): void {
  program
    .command('init')
    .description(initSummary[language])
    .option('--solo', soloSummary[language])
    .action(async (options: { readonly solo?: boolean }) => actions.init(options.solo ?? false));
  program
    .command('start')
    .description(startSummary[language])
    .option('--demo', demoSummary[language])
    .option('--once', onceSummary[language])
    .action(async (options: { readonly demo?: boolean; readonly once?: boolean }) =>
      actions.start(options.demo ?? false, options.once ?? false),
    );
  program
    .command('worker')
    .description(workerSummary[language])
    .option('--queue <names>', queueSummary[language], 'workflows,reading,delivery')
    .action(async (options: { readonly queue: string }) =>
      actions.worker(options.queue.split(',').map((name) => name.trim())),
    );
}

function addMaintenance(program: Command, language: Language, actions: ProgramActions): void {
  for (const kind of ['backup', 'restore'] as const) {
    program
      .command(`${kind} <file>`)
      .description(maintenanceSummaries[kind][language])
      .action(async (file: string) => actions.maintain({ kind, file }));
  }
  program
    .command('rebuild')
    .description(maintenanceSummaries.rebuild[language])
    .option('--verify', verifySummary[language])
    .action(async (options: { readonly verify?: boolean }) =>
      actions.maintain({ kind: 'rebuild', verify: options.verify ?? false }),
    );
}

function configure(command: Command, environment: CliEnvironment, language: Language): Command {
  const words = commanderWords[language];
  return command
    .exitOverride()
    .showHelpAfterError(false)
    .helpOption('-h, --help', words.help)
    .helpCommand(false)
    .configureHelp({
      styleTitle: (title) => words.titles[title] ?? title,
      showGlobalOptions: false,
    })
    .configureOutput({
      writeOut: (text) => void environment.stdout.write(text),
      writeErr: (text) => void environment.stderr.write(text),
      outputError: (text, write) => write(words.translate(text)),
    });
}

function allCommands(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...allCommands(child)]);
}

const programSummary: Localized = {
  vi: 'Phù Sa: tích hợp dữ liệu và báo cáo cho trung tâm điều hành đô thị',
  en: 'Phù Sa: data integration and reporting for an Intelligent Operations Centre',
};
const versionSummary: Localized = { vi: 'phiên bản', en: 'version' };
const jsonSummary: Localized = {
  vi: 'in đúng một tài liệu JSON ra đầu ra chuẩn',
  en: 'print exactly one JSON document on standard output',
};
const languageSummary: Localized = { vi: 'ngôn ngữ', en: 'language' };
const initSummary: Localized = { vi: 'Tạo kho dữ liệu (PHUSA_HOME)', en: 'Make a home' };
const soloSummary: Localized = {
  vi: 'kho cho một người: không cần người thứ hai phê duyệt',
  en: 'a home for one person: no second person approves',
};
const startSummary: Localized = { vi: 'Chạy máy chủ và cổng thông tin', en: 'Serve the portal' };
const workerSummary: Localized = {
  vi: 'Làm việc cho một kho qua Temporal, ở tiến trình hay máy khác',
  en: 'Work for a home through Temporal, in another process or on another machine',
};
const queueSummary: Localized = {
  vi: 'các hàng đợi, cách nhau bằng dấu phẩy',
  en: 'task queues, separated by commas',
};
const maintenanceSummaries = {
  backup: {
    vi: 'Sao lưu toàn bộ hệ thống vào một tệp (khi máy chủ đã dừng)',
    en: 'Copy the whole home into one file (while no server runs)',
  },
  restore: {
    vi: 'Khôi phục hệ thống từ bản sao lưu vào một thư mục trống',
    en: 'Make a home from a backup, in an empty directory',
  },
  rebuild: {
    vi: 'Dựng lại kho từ dữ liệu gốc và nhật ký',
    en: 'Build the warehouse anew from landed bytes and journal',
  },
} satisfies Record<MaintenanceTask['kind'], Localized>;
const verifySummary: Localized = {
  vi: 'chỉ so sánh với kho hiện có, không thay',
  en: 'only compare with the present warehouse, replace nothing',
};
const demoSummary: Localized = {
  vi: 'chạy thử với thành phố mô phỏng',
  en: 'demonstrate with the simulated city',
};
const onceSummary: Localized = { vi: 'làm một lượt rồi thoát', en: 'do everything once and exit' };
