import { hash, verify } from '@node-rs/argon2';
import { PhusaError } from '../core/errors.ts';

/** Cost of one argon2id hash. */
export interface PasswordCost {
  /** KiB of memory. */
  readonly memoryCost: number;
  readonly timeCost: number;
  readonly parallelism: number;
}

/** OWASP's least: 19 MiB, two passes, one lane. */
const least: PasswordCost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Ours: 64 MiB, three passes: 100–250 ms on a server core, so that guessing a stolen hash is dear. */
export const passwordCost: PasswordCost = { memoryCost: 65_536, timeCost: 3, parallelism: 1 };

const shortest = 12;
const longest = 128;

/** Makes and checks password hashes. */
export interface Passwords {
  /** A salted hash. Throws data `password-unfit` on a password shorter than 12 or longer than 128 characters. */
  hash(password: string): Promise<string>;
  /** Whether it is the password; always as slow for an account that does not exist (`undefined`), see I04. */
  matches(stored: string | undefined, password: string): Promise<boolean>;
  /** Whether a hash was made at less cost than today's and should be made anew (I03). */
  isOutdated(stored: string): boolean;
}

/** Passwords at a given cost, by argon2id (the library's own choice). Throws fatal `password-cost-too-low` below OWASP's least (I02). */
export function openPasswords(cost: PasswordCost = passwordCost): Passwords {
  if (isBelow(cost, least)) throw costTooLow(cost);
  let decoy: Promise<string> | undefined;
  return {
    hash: (password) => {
      const text = password.normalize('NFC');
      const { length } = Array.from(text);
      if (length < shortest || length > longest) throw unfit();
      return hash(text, cost);
    },
    matches: async (stored, password) => {
      decoy ??= hash('nobody has this password', cost);
      const matched = await verify(
        stored ?? (await decoy),
        password.normalize('NFC').slice(0, 4 * longest),
      );
      return matched && stored !== undefined;
    },
    isOutdated: (stored) => {
      const [, m, t, p] = /\$m=(\d+),t=(\d+),p=(\d+)\$/.exec(stored) ?? [];
      const made = { memoryCost: Number(m), timeCost: Number(t), parallelism: Number(p) };
      return p === undefined || isBelow(made, cost);
    },
  };
}

function isBelow(a: PasswordCost, b: PasswordCost): boolean {
  return a.memoryCost < b.memoryCost || a.timeCost < b.timeCost || a.parallelism < b.parallelism;
}

function unfit(): PhusaError {
  return new PhusaError({
    group: 'data',
    code: 'password-unfit',
    message: {
      vi: `Mật khẩu phải có từ ${shortest} đến ${longest} ký tự.`,
      en: `A password has ${shortest} to ${longest} characters.`,
    },
    remedy: {
      vi: 'Dùng một câu dễ nhớ gồm vài từ.',
      en: 'Use a phrase of several words.',
    },
  });
}

function costTooLow(cost: PasswordCost): PhusaError {
  const found = `m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}`;
  return new PhusaError({
    group: 'fatal',
    code: 'password-cost-too-low',
    message: {
      vi: `Tham số argon2id quá thấp: ${found}.`,
      en: `The argon2id parameters are too low: ${found}.`,
    },
    remedy: {
      vi: 'Dùng ít nhất m=19456,t=2,p=1.',
      en: 'Use at least m=19456,t=2,p=1.',
    },
  });
}
