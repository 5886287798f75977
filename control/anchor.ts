import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { JournalHead } from './journal-entry.ts';

/** The head before a decision and the one it intends; one of both is the true head, whenever the process dies. */
export interface AnchoredHeads {
  readonly committed: AnchoredHead;
  readonly intended: AnchoredHead;
}

/** What the anchor keeps of a head. */
export type AnchoredHead = Pick<JournalHead, 'seq' | 'hash'>;

/**
 * The head of the journal kept outside the database, so that a cut tail, a forged tail or a rewritten chain is seen.
 * It is written before each commit, in one write of fixed length within one disk sector: the file is never half old
 * and half new.
 */
export interface Anchor {
  /** The anchored heads; undefined where the file says nothing readable. */
  read(): AnchoredHeads | undefined;
  /** Anchors a decision that is about to be committed. */
  intend(heads: AnchoredHeads): void;
  close(): void;
}

const line = /^(\d{16}) ([0-9a-f]{64})\n(\d{16}) ([0-9a-f]{64})\n$/;

/** Whether a head is one of the anchored two. */
export function isAnchored(head: AnchoredHead, { committed, intended }: AnchoredHeads): boolean {
  return sameHead(head, committed) || sameHead(head, intended);
}

/** Whether two heads are one. */
export function sameHead(a: AnchoredHead, b: AnchoredHead): boolean {
  return a.seq === b.seq && a.hash === b.hash;
}

/** Opens the anchor file, made with its directory where there is none. */
export function openAnchor(path: string): Anchor {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, existsSync(path) ? 'r+' : 'w+', 0o600);
  return {
    read: () => (existsSync(path) ? parse(readFileSync(path, 'utf8')) : undefined),
    intend: ({ committed, intended }) => {
      writeSync(file, textOf(committed) + textOf(intended), 0);
    },
    close: () => {
      closeSync(file);
    },
  };
}

function textOf({ seq, hash }: AnchoredHead): string {
  return `${String(seq).padStart(16, '0')} ${hash}\n`;
}

function parse(text: string): AnchoredHeads | undefined {
  const [, seq, hash, nextSeq, nextHash] = line.exec(text) ?? [];
  if (hash === undefined || nextHash === undefined) return undefined;
  return {
    committed: { seq: Number(seq), hash },
    intended: { seq: Number(nextSeq), hash: nextHash },
  };
}
