import { randomUUID } from 'node:crypto';
import { Client, type ClientConfig, type QueryConfig } from 'pg';
import { UnfitDatabaseError } from './faults.js';

export const CONNECT_TIMEOUT_MS = 10_000;

type SessionSettings = Readonly<Record<string, string>>;

export interface SessionConfig extends ClientConfig {
  /** Settings of this connection, in addition to those of every connection. */
  readonly session: SessionSettings & { readonly 'sluice.account': string };
}

/** Settings on which statements and the driver depend, whatever database, login or server set. */
const OF_EVERY_SESSION: SessionSettings = {
  TimeZone: 'UTC',
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  extra_float_digits: '1',
  standard_conforming_strings: 'on',
  client_encoding: 'UTF8',
  bytea_output: 'hex',
  transform_null_equals: 'off',
  array_nulls: 'on',
  search_path: 'public',
  default_transaction_isolation: 'read committed',
  row_security: 'on',
};

/** Setting with a value unique to the connection. A shared session shows the value of another. */
const MARK = 'sluice.session';

const APPLY = `
  SELECT s.name, set_config(s.name, s.value, false) AS value, pg_backend_pid() AS pid
    FROM unnest($1::text[], $2::text[]) AS s (name, value)`;
const READ = `
  SELECT s.name FROM unnest($1::text[], $2::text[]) AS s (name, value)
   WHERE current_setting(s.name, true) IS DISTINCT FROM s.value`;

/**
 * Client of every connection. Settings follow the connection: a pooler may drop those of the
 * startup message. A lost connection fails only its own statements: an `error` event without a
 * listener would end the process.
 */
export class SessionClient extends Client {
  /** Process id that the server, or a pooler before it, announced. Set by the driver. */
  declare readonly processID: number | null;
  private serverPid: number | null = null;
  private settings: SessionSettings;

  constructor(private readonly config: SessionConfig) {
    super(config);
    this.settings = { ...OF_EVERY_SESSION, ...config.session, [MARK]: randomUUID() };
    this.on('error', () => undefined); // every running or later statement fails with the error
  }

  override connect(): Promise<this>;
  override connect(callback: (error: Error) => void): void;
  override connect(callback?: (error: Error) => void): Promise<this> | void {
    const opened = this.open();
    if (!callback) return opened;
    const done = callback as (error: Error | null, client?: this) => void;
    opened.then(
      () => done(null, this),
      (error: Error) => done(error),
    );
  }

  /** True if a pooler answers in place of the server. */
  get isPooled(): boolean {
    return this.serverPid !== this.processID;
  }

  async applySettings(): Promise<void> {
    const { rows } = await this.ask<{ name: string; value: string; pid: number }>(APPLY);
    // PostgreSQL writes some values in another form, such as `30s` for `30000`
    this.settings = Object.fromEntries(rows.map(({ name, value }) => [name, value]));
    this.serverPid = rows[0]?.pid ?? null;
  }

  /** Returns the names of the settings that are no longer in force. */
  async lostSettings(): Promise<readonly string[]> {
    const { rows } = await this.ask<{ name: string }>(READ);
    return rows.map(({ name }) => name);
  }

  private ask<R extends object>(text: string) {
    const asked: QueryConfig & { readonly query_timeout: number } = {
      text,
      values: [Object.keys(this.settings), Object.values(this.settings)],
      query_timeout: this.config.connectionTimeoutMillis ?? CONNECT_TIMEOUT_MS,
    };
    return this.query<R>(asked);
  }

  private async open(): Promise<this> {
    try {
      await super.connect();
      await this.applySettings();
      return this;
    } catch (error) {
      this.end().catch(() => undefined);
      throw refusedParameter(error) ?? error;
    }
  }
}

/** PgBouncer names the first startup parameter that it does not know. */
function refusedParameter(error: unknown): UnfitDatabaseError | null {
  const [, name] = /unsupported startup parameter[^:]*: (\S+)/.exec(String(error)) ?? [];
  return name === undefined
    ? null
    : new UnfitDatabaseError(
        `the pooler before the database refuses the startup parameter ${name}: remove ${name} from the URL of the database and from PGOPTIONS`,
      );
}

interface Prepared {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

const names = new Map<string, string>();

/** Named by its text: statements are constants, and values parameters. */
export function prepared(text: string, values: readonly unknown[]): Prepared {
  let name = names.get(text);
  if (name === undefined) names.set(text, (name = `s${names.size}`));
  return { name, text, values: [...values] };
}
