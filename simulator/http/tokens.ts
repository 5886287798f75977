import { hash } from '../random.ts';

/** How long a token lives. */
export type TokenRule = { readonly seconds: number; readonly requests: number };

/** Issues and judges bearer tokens of one system. */
export type TokenDesk = {
  issue(): string;
  /** Whether an Authorization header carries a living token; counts the use. */
  accept(authorization: string | undefined): boolean;
  /** Forgets every token. */
  expireAll(): void;
};

type Life = { readonly until: number; left: number };

/** A desk whose clock gives milliseconds. */
export function createTokenDesk(rule: TokenRule, clock: () => number): TokenDesk {
  const lives = new Map<string, Life>();
  let issued = 0;
  return {
    issue() {
      issued += 1;
      const token = `mo-phong-${String(issued)}-${hash(issued, rule.seconds, rule.requests).toString(36)}`;
      lives.set(token, { until: clock() + rule.seconds * 1000, left: rule.requests });
      return token;
    },
    accept(authorization) {
      const life = lives.get((authorization ?? '').replace(/^Bearer /, ''));
      if (life === undefined || life.until <= clock() || life.left <= 0) return false;
      life.left -= 1;
      return true;
    },
    expireAll() {
      lives.clear();
    },
  };
}
