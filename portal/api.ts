import { isFacts, numberAt, textAt } from './facts.ts';

/** A problem the API answered with, in the reader's language. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly remedy: string | undefined;

  constructor(status: number, problem: unknown, fallback: string) {
    super(textAt(problem, 'message') ?? fallback);
    this.status = numberAt(problem, 'status') ?? status;
    this.remedy = textAt(problem, 'remedy');
  }
}

/** Asks the API under `/api/v1`. Throws {@link ApiProblem}. */
export async function ask(
  path: string,
  options: { readonly method?: 'GET' | 'POST' | 'DELETE'; readonly body?: object } = {},
): Promise<unknown> {
  const { method = 'GET', body } = options;
  const response = await fetch(`/api/v1${path}`, {
    method,
    headers: {
      accept: 'application/json',
      'accept-language': document.documentElement.lang,
      ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
    },
    ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
  });
  const answer = await readJson(response);
  if (response.ok) return answer;
  throw new ApiProblem(response.status, answer, response.statusText);
}

/** A path segment, percent-encoded. */
export function segment(text: string): string {
  return encodeURIComponent(text);
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** Whether an error says that nobody is signed in. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 401;
}

/** The items of a list answer, and the cursor of the next page. */
export function pageOf(answer: unknown): {
  readonly items: readonly unknown[];
  readonly next: string | undefined;
} {
  if (Array.isArray(answer)) return { items: answer, next: undefined };
  const items = isFacts(answer) && Array.isArray(answer['items']) ? answer['items'] : [];
  return { items, next: textAt(answer, 'next') };
}
