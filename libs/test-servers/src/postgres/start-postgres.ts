import { env } from 'node:process';
import pg from 'pg';
import type { ProcessGuard } from '../process/process-guard.js';
import {
  superviseProcess,
  type SupervisedProcess,
  type SupervisorEvents,
} from '../process/supervise-process.js';
import type { ServerTls } from '../tls/certificate-authority.js';
import {
  clearStalePostmaster,
  createCluster,
  postgresBinaries,
  postgresIdentity,
  writeAccessRules,
} from './postgres-cluster.js';

export interface PostgresOptions {
  /** Name among several servers (default `postgres`). */
  readonly name?: string;
  readonly dataDir: string;
  readonly port: number;
  /** Additional listening host, and the allowed client addresses. Default: only this machine. */
  readonly beyond?: { readonly host: string; readonly clients: readonly string[] };
  /**
   * Password of the superuser `postgres`, set by initdb on the first start and used for every
   * connection.
   */
  readonly password: string;
  readonly logFile: string;
  readonly guard: ProcessGuard;
  readonly restart?: boolean;
  readonly events?: SupervisorEvents;
  /** Certificates. If set, every connection requires TLS. */
  readonly tls?: ServerTls;
  /** Beside POSTGRES_SETTINGS, and before them. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Beside our own environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** True for data of a test run: initdb does not wait for the disk. */
  readonly throwAway?: boolean;
  /**
   * Alternative for machines unable to run PostgreSQL, for error messages: "set DATABASE_URL_…".
   */
  readonly instead?: string;
}

export interface PostgresServer {
  readonly port: number;
  readonly process: SupervisedProcess;
  /** The superuser's address of a database. */
  adminUrl(database: string): string;
  stop(): Promise<void>;
}

/** `fsync` and `synchronous_commit` keep their default, on: durability is never bought off. */
export const POSTGRES_SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '400',
  shared_buffers: '192MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  autovacuum_naptime: '20s',
  log_min_duration_statement: '1s',
  timezone: 'UTC',
};

const LOOPBACK = ['127.0.0.1/32', '::1/128'];

/**
 * Starts PostgreSQL on a data folder and waits until the server answers a query. Creates the
 * cluster first if missing.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const binaries = postgresBinaries(options.instead);
  const identity = postgresIdentity(binaries.postgres, options.instead);
  createCluster(
    { dataDir: options.dataDir, password: options.password, sync: !options.throwAway },
    binaries,
    identity,
  );

  const { tls, beyond } = options;
  const addresses = [...LOOPBACK, ...(beyond?.clients ?? [])];
  writeAccessRules(options.dataDir, tls ? 'hostssl' : 'host', addresses, identity);
  for (const file of tls ? [tls.certFile, tls.keyFile] : []) identity.own(file);

  const adminUrl = (database: string): string =>
    withTls(
      `postgres://postgres:${options.password}@127.0.0.1:${options.port}/${database}`,
      tls?.caFile,
    );
  const settings = {
    ...POSTGRES_SETTINGS,
    ...(beyond && { listen_addresses: `127.0.0.1,${beyond.host}` }),
    ...(tls && tlsSettings(tls)),
    ...options.settings,
  };
  const args = ['-D', options.dataDir, '-p', `${options.port}`, ...settingArgs(settings)];
  const process = await superviseProcess({
    name: options.name ?? 'postgres',
    command: async () => {
      await clearStalePostmaster(options.dataDir);
      const command = identity.run(binaries.postgres, args);
      return { ...command, env: { ...env, ...options.environment } };
    },
    logFile: options.logFile,
    ready: () => answersQuery(adminUrl('postgres')),
    stopSignal: 'SIGINT', // "fast" shutdown: sessions are ended, followed by an orderly checkpoint
    stopGraceMs: 20_000,
    guard: options.guard,
    ...(options.restart === undefined ? {} : { restart: options.restart }),
    ...(options.events === undefined ? {} : { events: options.events }),
  });
  return { port: options.port, process, adminUrl, stop: () => process.stop() };
}

/** Runs a sequence of statements on a separate connection. */
export async function withClient<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined); // the running statement reports the error
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function answersQuery(url: string): Promise<void> {
  await withClient(url, (client) => client.query('SELECT 1'));
}

/**
 * Adds TLS with server verification by the given CA to a URL. Without a CA the URL is unchanged.
 */
export function withTls(url: string, caFile: string | undefined): string {
  if (caFile === undefined) return url;
  return `${url}?sslmode=verify-full&sslrootcert=${encodeURIComponent(caFile)}`;
}

function tlsSettings({ certFile, keyFile }: ServerTls): Readonly<Record<string, string>> {
  return { ssl: 'on', ssl_cert_file: certFile, ssl_key_file: keyFile };
}

function settingArgs(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
