import { SMTPServer } from 'smtp-server';

/** Where a conversation stands when the mailbox is asked how to behave. */
export interface MailStage {
  readonly stage: 'rcpt' | 'data';
  readonly to: string;
}

/** Takes it, refuses it with a code and words, or says nothing more. */
export type MailAnswer = undefined | readonly [number, string] | 'hang';

/** An SMTP server on loopback that keeps what it receives, and misbehaves on demand. */
export interface Mailbox {
  readonly url: string;
  readonly messages: { readonly to: string; readonly text: string }[];
  /** Resolves with the first message whose bytes came in whole, whether or not it is acknowledged. */
  readonly firstMessage: Promise<{ readonly text: string }>;
  answer: (at: MailStage) => MailAnswer;
  stop(): Promise<void>;
}

type Done = (error?: Error) => void;

/** Starts a mailbox on a free port. */
export async function startMailbox(): Promise<Mailbox> {
  let arrive: (message: { readonly text: string }) => void = () => undefined;
  const firstMessage = new Promise<{ readonly text: string }>((resolve) => {
    arrive = resolve;
  });
  const behave = (at: MailStage, done: Done): MailAnswer => {
    const answer = mailbox.answer(at);
    if (answer === undefined) done();
    else if (answer !== 'hang')
      done(Object.assign(new Error(answer[1]), { responseCode: answer[0] }));
    return answer;
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    closeTimeout: 100,
    onRcptTo: (address, _session, done) => {
      behave({ stage: 'rcpt', to: address.address }, done);
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      const to = session.envelope.rcptTo.map(({ address }) => address).join(',');
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const message = { to, text: Buffer.concat(chunks).toString('utf8') };
        const answer = mailbox.answer({ stage: 'data', to });
        if (answer === undefined || answer === 'hang') mailbox.messages.push(message);
        arrive(message);
        behave({ stage: 'data', to }, done);
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const mailbox: Mailbox = {
    url: `smtp://127.0.0.1:${port}`,
    messages: [],
    firstMessage,
    answer: () => undefined,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
  return mailbox;
}
