import type { Json, JsonObject } from '../core/json.ts';
import type { LoadCounts, LoadStatus } from '../core/load-counts.ts';
import type { Localized, Language } from '../core/localized.ts';
import type { Classification } from '../core/stream-contract.ts';
import type { Person } from '../core/person.ts';
import type { Progress } from '../core/progress.ts';

/**
 * What the API offers, one member for each resource, implemented by the rooms below and wired in main.ts. Every call
 * names the person; services check ownership, the server checks roles. All throw PhusaError; codes `not-found` and
 * `not-permitted` become 404 and 403.
 */
export interface Services {
  readonly home: HomeServices;
  readonly connectors: ConnectorServices;
  readonly sources: SourceServices;
  readonly inbox: InboxServices;
  readonly batches: BatchServices;
  readonly assets: AssetServices;
  readonly indicators: IndicatorServices;
  readonly reports: ReportServices;
  readonly schedules: ScheduleServices;
  readonly extracts: ExtractServices;
  readonly trace: TraceServices;
  readonly audit: AuditServices;
  readonly people: PeopleServices;
}

/** One call: who, in which language, with progress and cancellation for long work. */
export interface Call {
  readonly person: Person;
  readonly language: Language;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** A page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

/** How a list is cut. */
export interface PageRequest {
  readonly limit?: number;
  readonly after?: string;
}

/** A downloadable file: streamed, never loaded whole. */
export interface Download {
  readonly name: string;
  readonly mediaType: string;
  readonly path: string;
}

export interface HomeServices {
  /** Home id, solo or not, simulated or not, versions, counts for the first page. */
  info(call: Call): Promise<JsonObject>;
  /** Whose home it is: heading, foot, recipients of mail. */
  profile(call: Call): Promise<JsonObject>;
  /** Changes the named members of the profile. Throws fatal `profile-wrong`. */
  configure(call: Call, profile: JsonObject): Promise<JsonObject>;
  doctor(call: Call): Promise<{ readonly checks: readonly DoctorCheck[] }>;
  /** Runs a real query on every store. */
  health(): Promise<void>;
  /** Prometheus text. */
  metrics(): Promise<string>;
  /** PEM of the home's public Ed25519 key. */
  publicKey(): Promise<string>;
}

export interface DoctorCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly message: Localized;
}

export interface ConnectorServices {
  list(call: Call): Promise<readonly JsonObject[]>;
  /** Config as JSON Schema, secrets, streams, capabilities. */
  show(call: Call, name: string): Promise<JsonObject>;
  /** Everything wrong with a configuration (place, line and column, message), or the streams that it gives. */
  examine(
    call: Call,
    name: string,
    config: JsonObject,
  ): Promise<{ readonly problems: readonly JsonObject[]; readonly streams: readonly JsonObject[] }>;
}

/** How much a test read shows: rows, pages of one piece (slice of a window), and which piece, the newest being 0. */
export interface SampleOptions {
  readonly stream?: string;
  readonly limit?: number;
  readonly pages?: number;
  readonly piece?: number;
}

export interface AddSource {
  readonly name: string;
  readonly connector: string;
  readonly config: JsonObject;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly owner?: string;
  /** By stream: thresholds of rejected rows, and what becomes of columns that change. */
  readonly contract?: JsonObject;
  /** Mail addresses of the owner, told of rejected rows. */
  readonly notify?: readonly string[];
  /** How often it is expected to bring something new: `PT6H`, `P1D`, `P1W`, `P1M`. */
  readonly freshness?: string;
}

/** What of a source is changed; what is absent stays. */
export type EditSource = Partial<
  Pick<AddSource, 'config' | 'contract' | 'freshness' | 'notify' | 'secrets'>
>;

/** How a source is certified. */
export interface CertifySource {
  /** Batches that are read at most. */
  readonly batches?: number;
  /** Landed bytes of earlier readings instead of the live source; the certificate says so. */
  readonly recorded?: boolean;
}

/** Which of the changes of a source's columns are taken up; all where nothing is said. */
export interface AdoptChanges {
  readonly stream?: string;
  /** The column, or its name at the source. */
  readonly column?: string;
  /** New columns are left out for ever instead of being declared. */
  readonly ignore?: boolean;
  /** The class of new columns, where it is another than the proposed one. */
  readonly classification?: Classification;
}

export interface SourceView {
  readonly name: string;
  readonly connector: string;
  readonly owner: string;
  readonly status: 'draft' | 'certified' | 'active' | 'paused' | 'removed';
  readonly version: number;
  readonly config: JsonObject;
  readonly streams: readonly string[];
  /** The source's own thresholds of rejected rows, by stream. */
  readonly contract?: JsonObject;
  readonly notify?: readonly string[];
  readonly freshness?: string;
  /** Who registered, edited and certified it: nobody approves their own. */
  readonly registeredBy?: string;
  readonly editedBy?: string;
  readonly certifiedBy?: string;
  readonly approvedBy?: string;
  /** Changes of its columns that nobody has answered: stream, kind, rule, rows affected, what would take each up. */
  readonly drift?: readonly JsonObject[];
  /** Breaking changes that somebody has to agree to. */
  readonly asks?: readonly Localized[];
  /** Why it is paused. */
  readonly reason?: string;
  /** Of the present version: per proof passed, failed or not applicable, with figures, when, by whom, and its hash. */
  readonly certificate?: JsonObject;
  /** Its life, oldest first; where one source is shown. */
  readonly history?: readonly JsonObject[];
  readonly lastRun?: JsonObject;
  readonly next: Localized;
}

export interface SourceServices {
  add(call: Call, source: AddSource): Promise<SourceView>;
  /** Makes a new version. */
  edit(call: Call, name: string, edit: EditSource): Promise<SourceView>;
  /** Takes changes of its columns up by a new version. */
  adopt(call: Call, name: string, wanted: AdoptChanges): Promise<SourceView>;
  /** Decodes its landed batches again by its present version, so that columns declared since get their values. */
  backFill(call: Call, name: string, options: { readonly stream?: string }): Promise<IngestResult>;
  list(call: Call): Promise<readonly SourceView[]>;
  show(call: Call, name: string): Promise<SourceView>;
  /** What a version of a source was: configuration and contract. */
  version(call: Call, name: string, version: number): Promise<JsonObject>;
  check(call: Call, name: string): Promise<{ readonly ok: true; readonly found: Localized }>;
  /** Its streams with columns, types, classification; and what it offers beside them (tables, keys), where it can tell. */
  discover(
    call: Call,
    name: string,
  ): Promise<{ readonly streams: readonly JsonObject[]; readonly offered?: readonly JsonObject[] }>;
  /** Per page: request, response (secrets removed), records, rejected rows, inferred columns, next cursor. */
  preview(
    call: Call,
    name: string,
    options: SampleOptions,
  ): Promise<{ readonly pages: readonly JsonObject[] }>;
  /** Connection test and preview of a source that is not registered; keeps nothing, secrets least of all. */
  tryOut(
    call: Call,
    connector: string,
    draft: SampleOptions & {
      readonly config: JsonObject;
      readonly secrets?: Readonly<Record<string, string>>;
    },
  ): Promise<{ readonly found: Localized; readonly pages: readonly JsonObject[] }>;
  /** Proves the present version against the live source, or its landed bytes, and keeps the certificate. */
  certify(call: Call, name: string, options: CertifySource): Promise<JsonObject>;
  approve(call: Call, name: string): Promise<SourceView>;
  pause(call: Call, name: string, reason: string): Promise<SourceView>;
  resume(call: Call, name: string): Promise<SourceView>;
  remove(call: Call, name: string): Promise<SourceView>;
  ingest(call: Call, name: string, options: IngestOptions): Promise<IngestResult>;
  /** How well each source of each agency supplied in a period, with the batches behind each score. */
  league(
    call: Call,
    period: string,
  ): Promise<{
    readonly period: string;
    readonly from: string;
    readonly to: string;
    readonly suppliers: readonly JsonObject[];
  }>;
}

/** A file that somebody sends to a source; the same three values name the same upload. */
export interface UploadFile {
  readonly name: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** How far an upload has come. */
export interface UploadState {
  readonly upload: string;
  /** Byte at which to go on. */
  readonly offset: number;
  readonly done: boolean;
}

/** A file of an inbox, with who sent it and when. */
export interface InboxFileView {
  readonly name: string;
  readonly bytes: number;
  readonly note: JsonObject;
}

/** A body that a system pushes, with the headers it came with (names in lower case). */
export interface Push {
  readonly headers: Readonly<Record<string, string>>;
  /** The body as it comes. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** What is kept of a push; `isRepeated`: it was there already. */
export interface PushReceipt {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly isRepeated: boolean;
}

/** What is sent to a source whose base is `inbox:`. */
export interface InboxServices {
  begin(call: Call, source: string, file: UploadFile): Promise<UploadState>;
  append(
    call: Call,
    source: string,
    file: UploadFile,
    part: { readonly offset: number; readonly bytes: Uint8Array },
  ): Promise<UploadState>;
  files(call: Call, source: string): Promise<readonly InboxFileView[]>;
  /** Answers when the body is on the disk. The source's own token or signature authorises. */
  push(source: string, push: Push): Promise<PushReceipt>;
}

export interface IngestOptions {
  readonly stream?: string;
  readonly from?: string;
  readonly to?: string;
  readonly full?: boolean;
}

export interface StreamResult extends LoadCounts {
  readonly stream: string;
  readonly cursor: Json;
  readonly status: LoadStatus;
  readonly reason: Localized | null;
}

export interface IngestResult {
  readonly source: string;
  readonly run: string;
  readonly status: LoadStatus;
  readonly batches: readonly string[];
  readonly streams: readonly StreamResult[];
}

/** Which quarantined rows are asked for. */
export interface QuarantineQuery {
  readonly source?: string;
  readonly batch?: string;
  readonly stream?: string;
  readonly reason?: string;
}

export interface BatchServices {
  list(call: Call, query: PageRequest & { readonly source?: string }): Promise<Page<JsonObject>>;
  show(call: Call, id: string): Promise<JsonObject>;
  quarantine(call: Call, query: PageRequest & QuarantineQuery): Promise<Page<JsonObject>>;
  /** How many rows each reason sent to quarantine, the most first. */
  reasons(call: Call, query: QuarantineQuery): Promise<readonly JsonObject[]>;
  quarantined(call: Call, id: string): Promise<JsonObject>;
  replay(
    call: Call,
    target: { readonly batch?: string; readonly source?: string },
  ): Promise<IngestResult>;
  /** Takes in a corrected workbook of a batch's rejected rows. */
  correct(
    call: Call,
    correction: { readonly batch: string; readonly name: string; readonly bytes: Uint8Array },
  ): Promise<IngestResult>;
  /** The rejected rows of a batch's stream as a workbook that can be corrected and sent back. */
  rejected(call: Call, batch: string, stream: string): Promise<Download>;
  /** The landed bytes of one receipt. */
  landed(call: Call, batch: string, n: number): Promise<Download>;
}

export interface AssetServices {
  list(call: Call): Promise<readonly JsonObject[]>;
  show(call: Call, key: string): Promise<JsonObject>;
  /** What building it now would change: contract, and rows by key. */
  diff(call: Call, key: string): Promise<JsonObject>;
  build(
    call: Call,
    options: { readonly keys?: readonly string[] },
  ): Promise<{
    readonly built: readonly JsonObject[];
    readonly fresh: readonly string[];
    /** Assets that lack a source's tables: `{key, missing: [table…]}`. */
    readonly blocked: readonly JsonObject[];
  }>;
  query(
    call: Call,
    sql: string,
    options: { readonly asOf?: string; readonly maxRows?: number },
  ): Promise<QueryResult>;
  lineage(
    call: Call,
    ref: string,
    direction: 'up' | 'down',
  ): Promise<{ readonly nodes: readonly JsonObject[]; readonly edges: readonly JsonObject[] }>;
  /** The same as OpenLineage job events, one for each asset on the way. */
  openLineage(call: Call, ref: string, direction: 'up' | 'down'): Promise<readonly JsonObject[]>;
}

export interface QueryResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly (string | boolean | null)[])[];
  readonly truncated: boolean;
}

export interface IndicatorServices {
  list(call: Call): Promise<readonly JsonObject[]>;
  show(call: Call, code: string): Promise<JsonObject>;
  get(
    call: Call,
    code: string,
    options: {
      readonly period?: string;
      readonly area?: string;
      readonly asOf?: string;
      readonly history?: boolean;
    },
  ): Promise<{ readonly values: readonly JsonObject[] }>;
}

export interface ReportServices {
  list(call: Call): Promise<readonly JsonObject[]>;
  render(
    call: Call,
    report: string,
    options: {
      readonly period: string;
      readonly asOf?: string;
      readonly areasAsOf?: string;
      readonly out?: string;
    },
  ): Promise<{ readonly files: readonly Download[] }>;
  /** Issues an edition (or says that the newest one still stands). */
  issue(call: Call, report: string, options: { readonly period: string }): Promise<JsonObject>;
  approve(call: Call, report: string, period: string): Promise<JsonObject>;
  editions(
    call: Call,
    query: PageRequest & { readonly report?: string },
  ): Promise<Page<JsonObject>>;
  edition(call: Call, ref: string): Promise<JsonObject>;
  /** The frozen document tree with the figures' references, for the portal. */
  document(call: Call, ref: string): Promise<JsonObject>;
  file(call: Call, ref: string, format: 'pdf' | 'xlsx'): Promise<Download>;
  /** Whether a file is an issued edition, unchanged, and whether it is superseded. */
  verify(call: Call, sha256: string, name: string): Promise<JsonObject>;
}

export interface ScheduleServices {
  list(call: Call): Promise<readonly JsonObject[]>;
  add(call: Call, schedule: JsonObject): Promise<JsonObject>;
  run(call: Call, name: string): Promise<JsonObject>;
  pause(call: Call, name: string, reason: string): Promise<JsonObject>;
  resume(call: Call, name: string): Promise<JsonObject>;
  /** Slot by slot: ran or skipped, with the reason. */
  why(call: Call, name: string): Promise<{ readonly slots: readonly JsonObject[] }>;
}

export interface ExtractServices {
  datasets(call: Call): Promise<readonly JsonObject[]>;
  request(call: Call, request: JsonObject): Promise<JsonObject>;
  list(call: Call, query: PageRequest): Promise<Page<JsonObject>>;
  show(call: Call, id: string): Promise<JsonObject>;
  approve(call: Call, id: string): Promise<JsonObject>;
  reject(call: Call, id: string, reason: string): Promise<JsonObject>;
  return(call: Call, id: string, reason: string): Promise<JsonObject>;
  /** Files of a ready extract's bundle; refused when expired or revoked. */
  files(call: Call, id: string): Promise<readonly Download[]>;
  revoke(call: Call, id: string, reason: string): Promise<JsonObject>;
  /** Register of all extracts: who, purpose, recipient, fields, rows, hashes. */
  register(call: Call, query: PageRequest): Promise<Page<JsonObject>>;
}

export interface TraceServices {
  /** `{figure, definition, sql, rows, batches, code, asOf, recomputed, equal}` of interfaces.md. */
  trace(call: Call, ref: string, options: { readonly rows?: boolean }): Promise<JsonObject>;
  /** Evidence pack: everything needed to check a figure offline. Returns the files written. */
  evidence(call: Call, ref: string): Promise<{ readonly files: readonly Download[] }>;
}

export interface AuditServices {
  verify(call: Call): Promise<JsonObject>;
  /** Journal entries, a page. */
  journal(
    call: Call,
    query: PageRequest & { readonly subject?: string },
  ): Promise<Page<JsonObject>>;
  /** The whole journal as NDJSON on disk. */
  export(call: Call): Promise<Download>;
}

export interface PeopleServices {
  signIn(
    name: string,
    password: string,
    from: string,
  ): Promise<{ readonly session: string; readonly person: Person; readonly expires: string }>;
  session(id: string): Promise<Person | undefined>;
  signOut(id: string): Promise<void>;
  token(bearer: string): Promise<Person | undefined>;
  users(call: Call): Promise<readonly JsonObject[]>;
  addUser(
    call: Call,
    user: {
      readonly name: string;
      readonly roles: readonly string[];
      readonly agency?: string;
      readonly password: string;
    },
  ): Promise<JsonObject>;
  removeUser(call: Call, name: string): Promise<JsonObject>;
  tokens(call: Call): Promise<readonly JsonObject[]>;
  addToken(
    call: Call,
    token: { readonly name: string; readonly user: string; readonly days: number },
  ): Promise<JsonObject>;
  revokeToken(call: Call, name: string): Promise<JsonObject>;
}
