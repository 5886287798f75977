import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openControlStore, type HomeStore } from '../../control/store.ts';
import { deliveriesOf } from '../../delivery/delivery-ledger.ts';
import { deliverEdition, type EditionDelivery } from '../../delivery/deliver-edition.ts';
import type { Recipient } from '../../delivery/recipient.ts';
import { runChild } from '../harness/killer.ts';
import { startMailbox, type Mailbox } from './mailbox.ts';

const edition = 'edition:weekly-epidemic/2026-W45/v1';
const mail = (name: string): Recipient => ({ kind: 'mail', address: `${name}@city.test` });

describe('delivering an edition', () => {
  let root = '';
  let store: HomeStore;
  let mailbox: Mailbox;
  let pdf = '';
  const clock = { now: (): Date => new Date('2026-11-09T01:00:00Z') };

  const deliver = (
    recipients: readonly Recipient[],
    more: Partial<EditionDelivery> = {},
  ): ReturnType<typeof deliverEdition> =>
    deliverEdition({
      store,
      clock,
      smtpUrl: mailbox.url,
      edition,
      files: [{ name: 'bản-tin.pdf', path: pdf }],
      recipients,
      subject: 'Bản tin dịch tễ tuần 45',
      body: 'Kính gửi: bản tin tuần 45 (dữ liệu mô phỏng).',
      retryAfterMs: [1, 1],
      timeoutMs: 1_500,
      ...more,
    });

  const openStore = (): Promise<HomeStore> =>
    openControlStore({ database: { kind: 'sqlite', path: join(root, 'control.sqlite') }, clock });

  const statuses = async (): Promise<Record<string, string>> =>
    Object.fromEntries(
      (await deliveriesOf(store, edition)).map((row) => [row.id.split(' ')[1] ?? '', row.status]),
    );

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'phusa-delivery-'));
    pdf = join(root, 'edition.pdf');
    writeFileSync(pdf, '%PDF-1.7 mô phỏng');
    store = await openStore();
    mailbox = await startMailbox();
  });
  afterEach(async () => {
    await mailbox.stop();
    await store.close();
    rmSync(root, { recursive: true, force: true });
  });

  it('sends once to each, with the file, under a steady Message-ID', async () => {
    const first = await deliver([mail('an'), mail('binh')]);
    expect(first.map(({ status }) => status)).toEqual(['sent', 'sent']);
    const again = await deliver([mail('an'), mail('binh')]);
    expect(again.map(({ status }) => status)).toEqual(['sent', 'sent']);
    expect(again.map((result) => result.messageId)).toEqual(first.map((r) => r.messageId));
    expect(mailbox.messages).toHaveLength(2);
    const [message] = mailbox.messages;
    expect(message?.text).toContain(`Message-ID: ${first[0]?.messageId ?? '?'}`);
    expect(message?.text).toContain(Buffer.from('%PDF-1.7 mô phỏng').toString('base64'));
    expect(message?.text).toMatch(/^From: phusa@127\.0\.0\.1/m);
  });

  it('E05 one of 30 refused: 29 sent, one failed and visible', async () => {
    mailbox.answer = ({ stage, to }) =>
      stage === 'rcpt' && to === 'r7@city.test' ? [550, 'no such user'] : undefined;
    const results = await deliver(Array.from({ length: 30 }, (_, n) => mail(`r${n}`)));
    expect(results.filter(({ status }) => status === 'sent')).toHaveLength(29);
    expect(results[7]).toMatchObject({ status: 'failed', reason: 'smtp-550' });
    expect(results[7]?.answer).toContain('no such user');
    expect((await statuses())['mailto:r7@city.test']).toBe('failed');
  });

  it('E03 a 4xx is tried again, here and at the next delivery', async () => {
    let refusals = 2;
    mailbox.answer = ({ stage }) =>
      stage === 'rcpt' && refusals-- > 0 ? [451, 'try later'] : undefined;
    expect(await deliver([mail('an')])).toMatchObject([{ status: 'sent' }]);
    mailbox.answer = ({ stage }) => (stage === 'rcpt' ? [451, 'try later'] : undefined);
    expect(await deliver([mail('bo')])).toMatchObject([{ status: 'deferred', reason: 'smtp-451' }]);
    mailbox.answer = () => undefined;
    expect(await deliver([mail('bo')])).toMatchObject([{ status: 'sent' }]);
    expect(mailbox.messages).toHaveLength(2);
  });

  it('E03 a 5xx is permanent, also after the message', async () => {
    mailbox.answer = ({ stage }) => (stage === 'data' ? [554, 'spam'] : undefined);
    expect(await deliver([mail('an')])).toMatchObject([{ status: 'failed', reason: 'smtp-554' }]);
    mailbox.answer = () => undefined;
    expect(await deliver([mail('an')])).toMatchObject([{ status: 'failed' }]);
    expect(mailbox.messages).toHaveLength(0);
  });

  it('E03 a server that is away or silent before the message: deferred', async () => {
    mailbox.answer = ({ stage }) => (stage === 'rcpt' ? 'hang' : undefined);
    expect(await deliver([mail('an')], { retryAfterMs: [], timeoutMs: 300 })).toMatchObject([
      { status: 'deferred', reason: 'smtp-etimedout' },
    ]);
    const smtpUrl = 'smtp://127.0.0.1:1';
    expect(await deliver([mail('bo')], { smtpUrl, retryAfterMs: [] })).toMatchObject([
      { status: 'deferred' },
    ]);
  });

  it('E02 a server silent after the message: uncertain, never sent again by itself', async () => {
    mailbox.answer = ({ stage }) => (stage === 'data' ? 'hang' : undefined);
    expect(await deliver([mail('an')], { timeoutMs: 300 })).toMatchObject([
      { status: 'uncertain', reason: 'smtp-etimedout' },
    ]);
    mailbox.answer = () => undefined;
    expect(await deliver([mail('an')])).toMatchObject([{ status: 'uncertain' }]);
    expect(mailbox.messages).toHaveLength(1);
  });

  it('E02 killed between sending and recording: at most one mail, marked uncertain', async () => {
    await store.close();
    const child = join(import.meta.dirname, 'delivery-child.ts');
    mailbox.answer = ({ stage }) => (stage === 'data' ? 'hang' : undefined);
    const dying = runChild(child, { args: [root, mailbox.url, edition], killAfterMs: 60_000 });
    const pid = await mailbox.firstMessage.then((message) => message.text.match(/pid (\d+)/)?.[1]);
    process.kill(Number(pid), 'SIGKILL');
    expect(await dying).toMatchObject({ signal: 'SIGKILL' });
    store = await openStore();
    expect(await statuses()).toEqual({ 'mailto:an@city.test': 'intended' });
    mailbox.answer = () => undefined;
    expect(await deliver([mail('an')])).toMatchObject([
      { status: 'uncertain', reason: 'interrupted' },
    ]);
    expect(mailbox.messages).toHaveLength(1);
    expect(await store.verify()).toMatchObject({ intact: true });
  });

  it('records mail as skipped without PHUSA_SMTP_URL, and sends it once there is one', async () => {
    expect(await deliver([mail('an')], { smtpUrl: undefined })).toMatchObject([
      { status: 'skipped', reason: 'no-smtp-url' },
    ]);
    expect(await deliver([mail('an')])).toMatchObject([{ status: 'sent' }]);
  });

  it('refuses an address that is a list or breaks the header', async () => {
    const wrong = ['a@city.test, b@city.test', 'a@city.test\r\nBcc: b@city.test', 'nobody'];
    const results = await deliver(wrong.map((address) => ({ kind: 'mail', address })));
    expect(results.map(({ reason }) => reason)).toEqual(Array(3).fill('address-invalid'));
    expect(mailbox.messages).toHaveLength(0);
  });

  it('copies into a directory whole, and again after a crash', async () => {
    const path = join(root, 'out', 'sở-y-tế');
    expect(await deliver([{ kind: 'directory', path }])).toMatchObject([{ status: 'sent' }]);
    expect(readdirSync(path)).toEqual(['bản-tin.pdf']);
    expect(readFileSync(join(path, 'bản-tin.pdf'), 'utf8')).toBe('%PDF-1.7 mô phỏng');
    const blocked = join(pdf, 'under-a-file');
    expect(await deliver([{ kind: 'directory', path: blocked }])).toMatchObject([
      { status: 'deferred', reason: 'directory-enotdir' },
    ]);
    expect(existsSync(blocked)).toBe(false);
  });
});
