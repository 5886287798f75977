import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ControlStore, JournalEntry } from '../control/port.ts';
import { asJson } from '../core/json-member.ts';
import type { JsonObject } from '../core/json.ts';
import type { AuditServices, Page, PageRequest } from './port.ts';

/** What the auditor's services work with. */
export interface AuditServiceDependencies {
  readonly store: ControlStore;
  readonly exportDirectory: string;
}

/** The journal: pages, verification, export. Reading it is itself journalled (J24). */
export function createAuditServices(deps: AuditServiceDependencies): AuditServices {
  const { store } = deps;
  const access = (actor: string, verb: string) =>
    store.decide((journal) =>
      journal.record({ kind: `access.journal-${verb}`, subject: 'journal', actor, data: {} }),
    );
  return {
    verify: async (call) => {
      const verdict = await store.verify();
      await access(call.person.actor, 'verified');
      return asJson(verdict);
    },
    journal: async (call, query) => {
      const page = await journalPage(store, query);
      await access(call.person.actor, 'read');
      return page;
    },
    export: async (call) => {
      await access(call.person.actor, 'exported');
      await mkdir(deps.exportDirectory, { recursive: true });
      const file = path.join(deps.exportDirectory, 'journal.ndjson');
      await pipeline(Readable.from(lines(store)), createWriteStream(file));
      return { name: 'journal.ndjson', mediaType: 'application/x-ndjson', path: file };
    },
  };
}

async function journalPage(
  store: ControlStore,
  query: PageRequest & { readonly subject?: string },
): Promise<Page<JsonObject>> {
  const limit = Math.min(query.limit ?? 100, 1000);
  const from = Number(query.after ?? 0) + 1;
  const items: JournalEntry[] = [];
  const about = query.subject === undefined ? {} : { subject: query.subject };
  for await (const entry of store.journal({ from, ...about })) {
    items.push(entry);
    if (items.length === limit) break;
  }
  const last = items.at(-1);
  return {
    items: items.map(asJson),
    ...(items.length === limit && last ? { next: String(last.seq) } : {}),
  };
}

async function* lines(store: ControlStore): AsyncGenerator<string> {
  for await (const entry of store.journal()) yield `${JSON.stringify(entry)}\n`;
}
