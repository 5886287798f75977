import type { DeliveryOutcome } from './delivery-ledger.ts';

/** A file that goes with an edition. */
export interface DeliveredFile {
  readonly name: string;
  readonly path: string;
}

/** One mail to one recipient. */
export interface Mail {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly body: string;
  readonly files: readonly DeliveredFile[];
  readonly messageId: string;
  readonly date: Date;
}

/** Where mail goes out, and how long each silence of the server is borne. */
export interface MailServer {
  readonly smtpUrl: string;
  readonly timeoutMs: number;
}

/**
 * Sends one mail and says how it ended; never throws for what the server does. A refusal 5xx is permanent, 4xx
 * temporary (E03). A connection lost after the server asked for the message leaves it uncertain; before, it is
 * temporary, since nothing can have arrived.
 */
export async function sendMail(server: MailServer, mail: Mail): Promise<DeliveryOutcome> {
  const progress = { asked: false };
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    url: server.smtpUrl,
    connectionTimeout: server.timeoutMs,
    greetingTimeout: server.timeoutMs,
    socketTimeout: server.timeoutMs,
    disableUrlAccess: true,
    transactionLog: true,
    logger: watch(progress),
  });
  try {
    const sent = await transport.sendMail({
      from: mail.from,
      to: mail.to,
      subject: mail.subject,
      text: mail.body,
      messageId: mail.messageId,
      date: mail.date,
      attachments: mail.files.map(({ name, path }) => ({ filename: name, path })),
    });
    return { status: 'sent', answer: sent.response };
  } catch (error) {
    return refusalOf(error, progress.asked);
  } finally {
    transport.close();
  }
}

/** Sees the server's 354, after which the message may have been taken over; keeps nothing of what is said. */
function watch(progress: { asked: boolean }): Record<LogLevel, LogMethod> & { level(): void } {
  const see: LogMethod = (entry, message) => {
    const fromServer = entry?.tnx === 'server';
    if (fromServer && typeof message === 'string' && message.startsWith('354'))
      progress.asked = true;
  };
  const quiet = (): void => undefined;
  return { level: quiet, trace: see, debug: see, info: see, warn: see, error: see, fatal: see };
}

type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
type LogMethod = (entry?: { readonly tnx?: string }, message?: unknown) => void;

/** What nodemailer tells of a failure. */
interface MailFailure extends Error {
  readonly code?: string;
  readonly responseCode?: number;
  readonly response?: string;
}

function refusalOf(error: unknown, asked: boolean): DeliveryOutcome {
  const failure: MailFailure = error instanceof Error ? error : new Error(String(error));
  const { code, responseCode, response } = failure;
  const answer = response === undefined ? {} : { answer: response };
  if (responseCode !== undefined && responseCode >= 500)
    return { status: 'failed', reason: `smtp-${responseCode}`, ...answer };
  if (responseCode !== undefined && responseCode >= 400)
    return { status: 'deferred', reason: `smtp-${responseCode}`, ...answer };
  const reason = code === undefined ? 'smtp-error' : `smtp-${code.toLowerCase()}`;
  return { status: asked ? 'uncertain' : 'deferred', reason };
}
