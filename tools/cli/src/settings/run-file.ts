import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { KafkaAdminAccess, KafkaAdminLogin } from '@sluice/kafka/inspect';
import { CliError, type Row, isRow } from '../errors.js';
import type { ApiKey } from './config.js';

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
  const services = [...textsIn(internal)].map(
    ([name, url]) => [name.replaceAll('_', '-'), withoutSlash(url)] as const,
  );
  const [keyId, secret] = ['key_id', 'secret'].map((name) => textsIn(demo).get(name));
  const tokenUrl = textsIn(issuer).get('token_url');
  const people = isRow(issuer) && isRow(issuer['people']) ? issuer['people'] : undefined;
  const kafka = kafkaOf(run);
  return {
    intakeUrl: withoutSlash(intakeUrl),
    services: new Map(services),
    ...(tokenUrl !== undefined && people && { people: { tokenUrl, passwords: textsIn(people) } }),
    ...(keyId !== undefined && secret !== undefined && { demo: { keyId, secret } }),
    ...(typeof caFile === 'string' && { caFile }),
    ...(kafka && { kafka }),
    logOf: (service) => join(logs, `${service}.log`),
  };
}

/** Fields of an object that are texts. */
function textsIn(fields: unknown): ReadonlyMap<string, string> {
  const entries = isRow(fields) ? Object.entries(fields) : [];
  return new Map(
    entries.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
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

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
