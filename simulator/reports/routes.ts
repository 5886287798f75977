import type { Horizon } from '../horizon.ts';
import type { Handler } from '../http/reply.ts';
import type { TokenDesk } from '../http/tokens.ts';
import { hotline1022 } from './hotline-1022.ts';
import { open311 } from './open311.ts';
import type { ReportBook } from './report-book.ts';

/** How long a session of the hotline lives. */
export const REPORT_TOKEN_RULE = { seconds: 600, requests: 40 } as const;

/** What the two interfaces work on. */
export type ReportParts = {
  readonly horizon: Horizon;
  readonly book: () => ReportBook;
  readonly tokens: TokenDesk;
};

/** Serves citizens' reports twice: by Open311, and as the 1022 hotline does. */
export function reportRoutes({ horizon, book, tokens }: ReportParts): Handler {
  return (request) => {
    if (request.path.startsWith('/open311/')) return open311(book(), horizon, request);
    if (request.path.startsWith('/1022/')) return hotline1022(book(), tokens, request);
    return undefined;
  };
}
