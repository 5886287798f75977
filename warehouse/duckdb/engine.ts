import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { PhusaError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { engineError, isFatal, wordsOf } from './engine-error.ts';
import { tableColumns } from './contract-tables.ts';
import { Publications } from './publications.ts';
import { literal, quoted } from '../../core/sql-text.ts';
import { Turnstile } from './turnstile.ts';

/** Where the engine may read and write, and how much it may use. */
export interface EngineOptions {
  /** The DuckDB file. Its name without extension is the catalog's; it may not be the name of a layer. */
  readonly file: string;
  /** Local copies of landed bytes and what decode unpacks; read and written. */
  readonly spool: string;
  /** Landed bytes; read. */
  readonly landing: string;
  /** Exported files. */
  readonly out: string;
  /** Where large sorts and joins spill. */
  readonly temp: string;
  /** Default `1600MB`. */
  readonly memoryLimit?: string;
  /** Default: all cores. */
  readonly threads?: number;
  /** Bound of the spill directory; default `50GB`. */
  readonly tempLimit?: string;
  readonly timeZone: 'Asia/Ho_Chi_Minh';
  readonly log: Logger;
}

/**
 * The one instance of a DuckDB file, hardened at start; reopened after a FATAL error.
 * A second `create` on the same file in one process loses committed rows, hence `fromCache`.
 */
export class Engine {
  readonly options: EngineOptions;
  /** Name of the file's catalog, quoted. */
  readonly catalog: string;
  readonly publications = new Publications();
  private instance: DuckDBInstance;
  private readonly columns = new Map<string, readonly string[]>();
  private readonly open = new Set<DuckDBConnection>();
  private readonly writers = new Turnstile();
  private catalogs = 0;

  private constructor(options: EngineOptions, instance: DuckDBInstance, catalog: string) {
    this.options = options;
    this.instance = instance;
    this.catalog = catalog;
  }

  /** Opens and hardens; throws fatal `home-in-use` when another process owns the file. */
  static async start(options: EngineOptions): Promise<Engine> {
    for (const directory of directoriesOf(options)) mkdirSync(directory, { recursive: true });
    mkdirSync(dirname(resolve(options.file)), { recursive: true });
    const instance = await openHardened(options);
    const connection = await instance.connect();
    const result = await connection.runAndReadAll('select current_database()');
    connection.closeSync();
    return new Engine(options, instance, quoted(String(result.value(0, 0))));
  }

  /** A connection of one's own; give it back with `release`. */
  async connect(): Promise<DuckDBConnection> {
    const connection = await this.instance.connect();
    this.open.add(connection);
    return connection;
  }

  /** Closes a connection; temporary tables go with it. */
  release(connection: DuckDBConnection): void {
    if (this.open.delete(connection)) connection.closeSync();
  }

  /** Runs work on a connection of its own; engine errors become PhusaErrors, a FATAL one reopens the file. */
  async use<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = await this.connect();
    try {
      return await this.guard(() => work(connection));
    } finally {
      this.release(connection);
    }
  }

  /** Runs work; engine errors become PhusaErrors, a FATAL one reopens the file. */
  async guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (isFatal(error)) await this.reopen(error);
      throw engineError(error);
    }
  }

  /** One writer at a time. */
  write<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    return this.writers.pass(() => this.use(work));
  }

  /** One writer at a time, on a connection that is already there. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.writers.pass(work);
  }

  /** A table's columns, remembered until `forgetColumns`. */
  async columnsOf(key: string): Promise<readonly string[]> {
    const known = this.columns.get(key);
    if (known !== undefined) return known;
    const read = await this.use((connection) => tableColumns(connection, key));
    const names = [...read.keys()];
    this.columns.set(key, names);
    return names;
  }

  /** Call when contracts changed. */
  forgetColumns(): void {
    this.columns.clear();
  }

  /** A fresh number for an attached catalog. */
  nextCatalog(): number {
    this.catalogs += 1;
    return this.catalogs;
  }

  /** Whether the connection is still of the present instance. */
  holds(connection: DuckDBConnection): boolean {
    return this.open.has(connection);
  }

  /** Closes every connection and the file, and opens it again. */
  async reopen(reason: unknown): Promise<void> {
    this.options.log.error('warehouse.reopen', { reason: wordsOf(reason) });
    this.close();
    this.instance = await openHardened(this.options);
  }

  close(): void {
    for (const connection of [...this.open]) this.release(connection);
    this.instance.closeSync();
  }
}

async function openHardened(options: EngineOptions): Promise<DuckDBInstance> {
  const instance = await openInstance(options);
  const connection = await instance.connect();
  try {
    const locked = await connection.runAndReadAll("select current_setting('lock_configuration')");
    if (locked.value(0, 0) !== true) await connection.run(hardening(options));
  } finally {
    connection.closeSync();
  }
  return instance;
}

async function openInstance(options: EngineOptions): Promise<DuckDBInstance> {
  try {
    return await DuckDBInstance.fromCache(resolve(options.file), creation(options));
  } catch (error) {
    throw wordsOf(error).includes('Could not set lock')
      ? inUse(options.file, error)
      : unreadable(options.file, error);
  }
}

/** Settings the engine takes at creation only, or that must hold before the file is read. */
function creation(options: EngineOptions): Record<string, string> {
  return {
    memory_limit: options.memoryLimit ?? '1600MB',
    ...(options.threads === undefined ? {} : { threads: String(options.threads) }),
    temp_directory: resolve(options.temp),
    max_temp_directory_size: options.tempLimit ?? '50GB',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    allow_persistent_secrets: 'false',
    wal_autocheckpoint: '64MB',
    // the file format of a new home: what the engine of this release writes best; a home keeps the one it was made with
    storage_compatibility_version: 'v1.5.0',
  };
}

/** The zone is no creation option; the directories must be named before external access goes off; the lock is last. */
function hardening(options: EngineOptions): string {
  const directories = directoriesOf(options).map(literal).join(', ');
  return `set global TimeZone = ${literal(options.timeZone)};
    set global allowed_directories = [${directories}];
    set global enable_external_access = false;
    set global lock_configuration = true`;
}

function directoriesOf(options: EngineOptions): readonly string[] {
  return [options.landing, options.spool, options.out, options.temp].map((path) => resolve(path));
}

function inUse(file: string, cause: unknown): PhusaError {
  return new PhusaError({
    group: 'fatal',
    code: 'home-in-use',
    message: {
      vi: `Kho dữ liệu ${file} đang được một tiến trình khác mở`,
      en: `The warehouse ${file} is open in another process`,
    },
    remedy: {
      vi: 'Dừng tiến trình kia, hoặc gửi lệnh tới nó qua socket của thư mục.',
      en: 'Stop the other process, or send the command to it over the socket of the home.',
    },
    cause,
  });
}

function unreadable(file: string, cause: unknown): PhusaError {
  const words = wordsOf(cause);
  return new PhusaError({
    group: 'fatal',
    code: 'warehouse-unreadable',
    message: {
      vi: `Không mở được kho dữ liệu ${file}: ${words}`,
      en: `The warehouse ${file} cannot be opened: ${words}`,
    },
    remedy: {
      vi: 'Cất tệp này (và tệp .wal cạnh nó) đi nơi khác: lần mở sau dựng lại kho từ dữ liệu gốc đã lưu.',
      en: 'Move this file (and the .wal file beside it) away: the next opening rebuilds the warehouse from landed bytes.',
    },
    cause,
  });
}
