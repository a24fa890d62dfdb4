import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { KafkaAdminAccess, KafkaAdminLogin } from '@sluice/kafka/inspect';
import { CliError } from './cli-error.js';
import type { ApiKey } from './config.js';
import { isRow, type Row } from './row.js';

/** The part of `.sluice/run.json` needed by the operator command. */
export interface RunFile {
  readonly intakeUrl: string;
  /** Local stack only: people able to log in, with their passwords. */
  readonly people?: LocalPeople;
  /** Internal URL by service name, e.g. `connector-gateio`. */
  readonly services: ReadonlyMap<string, string>;
  readonly demo?: ApiKey;
  /** Path of the authority behind the services' certificates, where they speak TLS. */
  readonly caFile?: string;
  /** Local stack only: Kafka with the administrator's login. */
  readonly kafka?: KafkaAdminAccess;
  logOf(service: string): string;
}

/** The people of this machine's own issuer. */
export interface LocalPeople {
  readonly tokenUrl: string;
  readonly passwords: ReadonlyMap<string, string>;
}

/**
 * Reads the run file. Throws a CliError with the next step if no stack is running or the file is
 * invalid.
 */
export function readRunFile(file: string, named: boolean): RunFile {
  if (!existsSync(file)) {
    throw new CliError(
      `nothing is running here: start it with "npm start"${named ? ` (there is no ${file})` : ''}`,
      2,
    );
  }
  const run = parseRunFile(readFileSync(file, 'utf8'), join(basename(dirname(file)), 'logs'));
  if (!run)
    throw new CliError(
      `${file} does not contain the addresses of the services: stop the running stack and start it again with "npm start"`,
      2,
    );
  return run;
}

/** Parses a run file; undefined for other text. */
export function parseRunFile(text: string, logs: string): RunFile | undefined {
  const run = parse(text);
  if (!isRow(run)) return undefined;
  const { intake_url: intakeUrl, internal, demo, issuer, ca_file: caFile } = run;
  if (typeof intakeUrl !== 'string' || !isRow(internal)) return undefined;
  const services = new Map<string, string>();
  for (const [name, url] of Object.entries(internal)) {
    if (typeof url === 'string') services.set(name.replaceAll('_', '-'), withoutSlash(url));
  }
  const key = keyOf(demo);
  const people = peopleOf(issuer);
  const kafka = kafkaOf(run);
  return {
    intakeUrl: withoutSlash(intakeUrl),
    services,
    ...(people && { people }),
    ...(key && { demo: key }),
    ...(typeof caFile === 'string' && { caFile }),
    ...(kafka && { kafka }),
    logOf: (service) => join(logs, `${service}.log`),
  };
}

function peopleOf(issuer: unknown): LocalPeople | undefined {
  if (!isRow(issuer)) return undefined;
  const { token_url: tokenUrl, people } = issuer;
  if (typeof tokenUrl !== 'string' || !isRow(people)) return undefined;
  const passwords = Object.entries(people).flatMap(([name, password]) =>
    typeof password === 'string' ? [[name, password] as const] : [],
  );
  return { tokenUrl, passwords: new Map(passwords) };
}

function kafkaOf({
  kafka_brokers: brokers,
  kafka_logins: logins,
  ca_file: caFile,
}: Row): KafkaAdminAccess | undefined {
  if (!Array.isArray(brokers) || !brokers.every((one) => typeof one === 'string')) return undefined;
  const login = isRow(logins) && isRow(logins['admin']) ? logins['admin'] : null;
  return {
    brokers,
    login: login as KafkaAdminLogin | null,
    ca: typeof caFile === 'string' ? readFileSync(caFile, 'utf8') : null,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function keyOf(demo: Row | unknown): ApiKey | undefined {
  if (!isRow(demo)) return undefined;
  const { key_id: keyId, secret } = demo;
  return typeof keyId === 'string' && typeof secret === 'string' ? { keyId, secret } : undefined;
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
