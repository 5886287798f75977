import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { LandedFile } from '../../warehouse/decode-session.ts';
import { aisMessage } from './ais-message.ts';
import { aisLine, type AisSentence } from './ais-sentence.ts';
import { decodeByLines } from './decoded-lines.ts';
import type { RecordDecoder } from './record-decoder.ts';

/** A record for the engine, or the text of a line that is none. */
type AisRecord = object | string;

/**
 * Reads logs of AIS sentences (NMEA 0183, IEC 61162): each message is a record, its parts joined. A line with a wrong
 * checksum, without payload or that is no sentence, and a part whose others never come, is malformed by itself; other
 * sentences are records of `message_type` 0. Comments and blank lines are nothing.
 */
export const decodeAisRecords: RecordDecoder = (session, files, wanted) =>
  decodeByLines(session, files, wanted, messagesOf);

/** Lines that are worked on together. */
const together = 1000;

async function* messagesOf(file: LandedFile): AsyncGenerator<readonly AisRecord[]> {
  const reader = new AisReader();
  const lines = createInterface({
    input: createReadStream(file.path, 'utf8'),
    crlfDelay: Infinity,
  });
  let count = 0;
  for await (const line of lines) {
    reader.read(line);
    count += 1;
    if (count % together === 0) yield reader.taken();
  }
  reader.end();
  yield reader.taken();
}

interface Kept extends AisSentence {
  readonly line: string;
}

/** The most messages whose parts are waited for at once. */
const mostOpen = 1000;

class AisReader {
  private readonly open = new Map<string, Kept[]>();
  private records: AisRecord[] = [];
  private time: string | undefined;

  read(text: string): void {
    const line = text.trim();
    const read = aisLine(line);
    if (read.kind === 'malformed') this.records.push(line);
    if (read.kind === 'other') this.records.push({ message_type: 0, sentence: read.name });
    if (read.kind === 'time') this.time = read.receivedAt;
    if (read.kind !== 'sentence') return;
    const receivedAt = read.sentence.receivedAt ?? this.time;
    this.time = undefined;
    this.join({ ...read.sentence, receivedAt, line });
  }

  /** Parts that are left alone. */
  end(): void {
    for (const parts of this.open.values()) this.giveUp(parts);
    this.open.clear();
  }

  /** The records since the last call. */
  taken(): readonly AisRecord[] {
    const { records } = this;
    this.records = [];
    return records;
  }

  private join(sentence: Kept): void {
    if (sentence.parts === 1) {
      this.message([sentence]);
      return;
    }
    const key = `${sentence.sequence} ${sentence.channel} ${sentence.parts}`;
    const before = this.open.get(key) ?? [];
    const follows = sentence.part === before.length + 1;
    if (!follows) this.giveUp(before);
    const parts = follows ? [...before, sentence] : [sentence];
    this.open.delete(key);
    if (!follows && sentence.part !== 1) this.giveUp(parts);
    else if (parts.length === sentence.parts) this.message(parts);
    else this.open.set(key, parts);
    if (this.open.size > mostOpen) this.dropOldest();
  }

  private dropOldest(): void {
    const [oldest] = this.open;
    if (oldest === undefined) return;
    this.giveUp(oldest[1]);
    this.open.delete(oldest[0]);
  }

  private message(parts: readonly Kept[]): void {
    const payload = parts.map((part) => part.payload).join('');
    const [first] = parts;
    const fields = aisMessage(payload, parts.at(-1)?.fillBits ?? 0);
    if (first === undefined || fields === undefined) {
      this.giveUp(parts);
      return;
    }
    const heard = parts.find(({ receivedAt }) => receivedAt !== undefined)?.receivedAt;
    const { channel } = first;
    this.records.push({
      ...fields,
      ...(heard === undefined ? {} : { received_at: heard }),
      ...(channel === '' ? {} : { channel }),
      sentences: parts.map(({ line }) => line),
    });
  }

  private giveUp(parts: readonly Kept[]): void {
    for (const { line } of parts) this.records.push(line);
  }
}
