import type { ColumnAppender, DecodeSession } from '../../warehouse/decode-session.ts';
import type { SdmxConfig } from './config.ts';
import { figureTexts, textColumns, type Observation, type TextColumn } from './figure-texts.ts';

/** Rows held before they are appended. */
const heldRows = 20_000;

/** Takes observations and appends their texts to a table, in pieces. */
export class TextTable {
  private readonly appender: ColumnAppender;
  private readonly file: number;
  private readonly config: SdmxConfig;
  private held: Readonly<Record<TextColumn, string | null>>[] = [];
  private done = 0n;

  private constructor(appender: ColumnAppender, file: number, config: SdmxConfig) {
    this.appender = appender;
    this.file = file;
    this.config = config;
  }

  /** Makes the table. */
  static async make(
    session: DecodeSession,
    name: string,
    file: number,
    config: SdmxConfig,
  ): Promise<TextTable> {
    const appender = await session.appendTo(name, [
      { name: '_file', type: 'integer' },
      { name: '_row', type: 'bigint' },
      ...textColumns.map((column) => ({ name: column, type: 'varchar' as const })),
    ]);
    return new TextTable(appender, file, config);
  }

  add(observation: Observation): void {
    this.held.push(figureTexts(observation, this.config));
  }

  /** Appends what is held, once it is much. */
  async flush(least = heldRows): Promise<void> {
    const rows = this.held;
    if (rows.length === 0 || rows.length < least) return;
    this.held = [];
    const first = this.done;
    await this.appender.append([
      rows.map(() => this.file),
      rows.map((_, at) => first + BigInt(at) + 1n),
      ...textColumns.map((column) => rows.map((row) => row[column])),
    ]);
    this.done += BigInt(rows.length);
  }

  async close(): Promise<void> {
    await this.flush(1);
    await this.appender.close();
  }
}
