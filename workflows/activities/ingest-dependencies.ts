import type { Connector, ReadContext } from '../../connectors/port.ts';
import type { ControlStore } from '../../control/port.ts';
import type { AllowedOrigin } from '../../core/allowed-origin.ts';
import type { Clock } from '../../core/clock.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Localized } from '../../core/localized.ts';
import type { Logger } from '../../core/logger.ts';
import type { FileAccess, FileTransport } from '../../net/file-transport.ts';
import type { HttpClient } from '../../net/http-client.ts';
import type { LandingStore } from '../../warehouse/landing/port.ts';
import type { Warehouse } from '../../warehouse/port.ts';

/** What ingesting works with, handed in by the composition root. */
export interface IngestDependencies {
  readonly store: ControlStore;
  readonly warehouse: Warehouse;
  readonly landing: LandingStore;
  connector(name: string): Connector;
  /** A client for one source, bound to its allow-list. */
  http(allowed: readonly AllowedOrigin[], signal: AbortSignal): HttpClient;
  /** The files of one source, bound to its allow-list; S3 is asked through its client. */
  files(access: SourceAccess, http: HttpClient): FileTransport;
  /** Opens a sealed secret of a source. */
  secret(source: string, name: string): Promise<string>;
  /** One batch of these streams at a time: classification and publication see the same current rows. */
  exclusive<T>(work: () => Promise<T>, streams: readonly string[]): Promise<T>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** The workflow that a run belongs to, where a durable host runs it: it goes on after this process has ended. */
  readonly workflow?: WorkflowName;
}

/** A run of a workflow on a Temporal server. */
export interface WorkflowName {
  readonly id: string;
  readonly run: string;
}

/** What reading the files of a source may use. */
export type SourceAccess = Pick<FileAccess, 'source' | 'allowed' | 'secret' | 'signal'>;

/** A source as the journal has it. */
export interface SourceState {
  readonly name: string;
  readonly status: string;
  readonly version: number;
  readonly connector: Connector;
  readonly config: JsonObject;
  readonly owner: string;
  /** Breaking changes that a person has to agree to before the source is read again. */
  readonly asks?: readonly Localized[];
  readonly cursor: ReadCursor;
  /** Names that its records had before, by stream. */
  readonly seen?: Readonly<Record<string, readonly string[]>>;
  /** Whether changes of its columns wait for an answer. */
  readonly hasChanges?: boolean;
}

/** The source's position after the last published batch; undefined before the first. */
export type ReadCursor = Parameters<Connector['read']>[1]['cursor'];

/** A read context without the landing side: for connection tests. */
export type DryContext = Omit<ReadContext<JsonObject>, 'openBatch'>;
