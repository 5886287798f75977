import { z } from 'zod';
import { PhusaError } from '../core/errors.ts';
import type { HomeProfile } from '../core/home-profile.ts';
import { asJson } from '../core/json-member.ts';
import type { JsonObject } from '../core/json.ts';
import type { Call } from './port.ts';

/** What keeping a home's profile works with. */
export interface ProfileDependencies {
  profile(): Promise<HomeProfile>;
  /** Journals the new profile under the name of who gave it. */
  configure(profile: HomeProfile, actor: string): Promise<void>;
}

const line = z.string().trim().min(1).max(200);
const lines = z.array(line).max(40);
const mails = z.array(z.email()).max(200);

/** What an administrator may say of a home; whether it is solo or simulated is settled when it is made. */
const change = z.strictObject({
  province: z.string().regex(/^\d{2}$/),
  parentAgency: line,
  agency: line,
  sign: z.string().regex(/^[\p{Lu}\p{N}.&-]{2,40}$/u),
  place: line,
  signature: z.strictObject({ authority: lines, title: line, name: line.nullable() }).partial(),
  addressees: lines,
  recipients: lines,
  mailTo: mails,
  alertTo: mails,
});

/** The heading, foot and addresses of a home. */
export function createProfileServices(deps: ProfileDependencies): {
  profile(call: Call): Promise<JsonObject>;
  configure(call: Call, given: JsonObject): Promise<JsonObject>;
} {
  return {
    profile: async () => asJson(await deps.profile()),
    configure: async ({ person }, given) => {
      const read = change.partial().safeParse(given);
      if (!read.success) throw profileWrong(read.error);
      const { signature, ...others } = read.data;
      const now = await deps.profile();
      const next: HomeProfile = {
        ...now,
        ...present(others),
        signature: { ...now.signature, ...present(signature ?? {}) },
      };
      await deps.configure(next, person.actor);
      return asJson(next);
    },
  };
}

/** What was given, without members that were left out. */
function present<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function profileWrong({ issues }: z.ZodError): PhusaError {
  const problems = issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  return new PhusaError({
    group: 'fatal',
    code: 'profile-wrong',
    message: {
      vi: `Hồ sơ của kho chưa đúng: ${problems}`,
      en: `The home's profile is not right: ${problems}`,
    },
    remedy: {
      vi: 'Xem các mục và ví dụ: phusa home show --json',
      en: 'See the members with an example: phusa home show --json',
    },
  });
}
