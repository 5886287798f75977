import { z } from 'zod';
import { PhusaError } from './errors.ts';
import type { Localized } from './localized.ts';

/** Environment variables as the process has them. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/** Everything the environment may say, checked; defaults filled in. */
export interface Configuration {
  /** Directory under which everything a run writes lies, as given (not yet absolute). */
  readonly home: string;
  readonly listen: string;
  readonly port: number;
  /** Origin in QR codes, mail and sign-in, without a trailing slash. */
  readonly publicUrl: string | undefined;
  readonly runner: 'embedded' | 'temporal';
  readonly warehouse: 'duckdb' | 'postgres';
  readonly databaseUrl: string | undefined;
  /** A directory or `s3://…`. */
  readonly store: string | undefined;
  readonly keyFile: string | undefined;
  readonly smtpUrl: string | undefined;
  /** Smallest number of subjects that a cell of an extract may show. */
  readonly minimumFrequency: number;
  readonly timezone: string;
  readonly locale: 'vi' | 'en';
  /** Bearer token by which the command line acts as another person. */
  readonly token: string | undefined;
  /** The standard Temporal variables, untouched. */
  readonly temporal: Readonly<Record<string, string>>;
  /** `PHUSA_OIDC_*` without the prefix, in lower case. */
  readonly oidc: Readonly<Record<string, string>>;
  /** Names beginning with `PHUSA_` that mean nothing to us: to be warned about. */
  readonly unknown: readonly string[];
}

const url = (schemes: readonly string[]): z.ZodType<string> =>
  z.string().refine((text) => schemes.some((scheme) => hasScheme(text, scheme)), {
    error: schemes.join(' | '),
  });

const variables = z.object({
  PHUSA_HOME: z.string().default('.phusa'),
  PHUSA_LISTEN: z
    .string()
    .regex(/^[\w.:-]+$/, { error: 'IP | host' })
    .default('127.0.0.1'),
  PHUSA_PORT: z
    .string()
    .regex(/^\d{1,5}$/, { error: '0–65535' })
    .transform(Number)
    .refine((port) => port <= 65_535, { error: '0–65535' })
    .default(8080),
  PHUSA_PUBLIC_URL: url(['http', 'https'])
    .transform((text) => text.replace(/\/+$/, ''))
    .optional(),
  PHUSA_RUNNER: z
    .enum(['embedded', 'temporal'], { error: 'embedded | temporal' })
    .default('embedded'),
  PHUSA_WAREHOUSE: z.enum(['duckdb', 'postgres'], { error: 'duckdb | postgres' }).default('duckdb'),
  DATABASE_URL: url(['postgres', 'postgresql']).optional(),
  PHUSA_STORE: z.string().optional(),
  PHUSA_KEY_FILE: z.string().optional(),
  PHUSA_SMTP_URL: url(['smtp', 'smtps']).optional(),
  PHUSA_TIMEZONE: z
    .string()
    .refine(isTimezone, { error: 'IANA: Asia/Ho_Chi_Minh' })
    .default('Asia/Ho_Chi_Minh'),
  // A cell of two lets each of the two see the other: never below three.
  PHUSA_MINIMUM_FREQUENCY: z
    .string()
    .regex(/^([3-9]|[1-9]\d{1,3})$/, { error: '3–9999' })
    .transform(Number)
    .default(3),
  PHUSA_LOCALE: z.enum(['vi', 'en'], { error: 'vi | en' }).default('vi'),
  PHUSA_TOKEN: z.string().optional(),
});

type Variables = z.infer<typeof variables>;

/**
 * Reads the whole environment. Empty variables count as absent. Throws PhusaError `configuration-wrong` naming every
 * wrong variable at once; secrets (URLs with passwords, tokens) are never quoted in it.
 */
export function readConfiguration(environment: EnvironmentVariables): Configuration {
  const given = Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [[name, value] as const],
    ),
  );
  const read = variables.safeParse(given);
  const problems = [
    ...(read.success ? needs(read.data) : read.error.issues.map((issue) => wrong(issue, given))),
  ];
  if (!read.success || problems.length > 0) throw configurationWrong(problems);
  return configurationOf(read.data, given);
}

function configurationOf(read: Variables, given: Readonly<Record<string, string>>): Configuration {
  return {
    home: read.PHUSA_HOME,
    listen: read.PHUSA_LISTEN,
    port: read.PHUSA_PORT,
    publicUrl: read.PHUSA_PUBLIC_URL,
    runner: read.PHUSA_RUNNER,
    warehouse: read.PHUSA_WAREHOUSE,
    databaseUrl: read.DATABASE_URL,
    store: read.PHUSA_STORE,
    keyFile: read.PHUSA_KEY_FILE,
    smtpUrl: read.PHUSA_SMTP_URL,
    minimumFrequency: read.PHUSA_MINIMUM_FREQUENCY,
    timezone: read.PHUSA_TIMEZONE,
    locale: read.PHUSA_LOCALE,
    token: read.PHUSA_TOKEN,
    temporal: withPrefix(given, 'TEMPORAL_', (name) => name),
    oidc: withPrefix(given, 'PHUSA_OIDC_', (name) =>
      name.slice('PHUSA_OIDC_'.length).toLowerCase(),
    ),
    unknown: Object.keys(given).filter(isUnknown).sort(),
  };
}

/** What one variable demands of another. */
function needs(read: Variables): Localized[] {
  if (read.PHUSA_WAREHOUSE !== 'postgres' || read.DATABASE_URL !== undefined) return [];
  return [
    {
      vi: 'PHUSA_WAREHOUSE=postgres cần có DATABASE_URL',
      en: 'PHUSA_WAREHOUSE=postgres needs DATABASE_URL',
    },
  ];
}

function wrong(issue: z.core.$ZodIssue, given: Readonly<Record<string, string>>): Localized {
  const name = String(issue.path[0]);
  const secret = /URL|TOKEN|KEY/.test(name);
  const value = secret ? '' : ` "${given[name] ?? ''}"`;
  return {
    vi: `${name}${value} không hợp lệ; chấp nhận: ${issue.message}`,
    en: `${name}${value} is not valid; accepted: ${issue.message}`,
  };
}

function configurationWrong(problems: readonly Localized[]): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'configuration-wrong',
    message: {
      vi: `Cấu hình môi trường sai: ${problems.map(({ vi }) => vi).join('; ')}`,
      en: `Wrong environment configuration: ${problems.map(({ en }) => en).join('; ')}`,
    },
    remedy: {
      vi: 'Sửa hoặc bỏ các biến môi trường đã nêu rồi chạy lại.',
      en: 'Correct or unset the named environment variables and run again.',
    },
  });
}

function withPrefix(
  given: Readonly<Record<string, string>>,
  prefix: string,
  rename: (name: string) => string,
): Readonly<Record<string, string>> {
  const named = Object.entries(given).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(named.map(([name, value]) => [rename(name), value]));
}

function isUnknown(name: string): boolean {
  return name.startsWith('PHUSA_') && !name.startsWith('PHUSA_OIDC_') && !(name in variables.shape);
}

function hasScheme(text: string, scheme: string): boolean {
  return text.startsWith(`${scheme}://`) && URL.canParse(text);
}

function isTimezone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
