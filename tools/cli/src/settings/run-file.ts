import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { KafkaAdminAccess, PasswordLogin } from '@sluice/kafka/inspect';
import { CliError, type Row } from '../errors/errors.js';
import { isObject } from '@sluice/kernel';
import type { ApiKey } from './config.js';

/** The part of `.sluice/run.json` needed by the operator command. */
export interface RunFile {
  readonly intakeUrl: string;
  /** Local stack only: people able to log in, with their passwords. */
  readonly people?: LocalPeople;
  /** Internal URL by service name, e.g. `ledger`. */
  readonly services: ReadonlyMap<string, string>;
  readonly demo?: ApiKey;
  /** Path of the authority behind the services' certificates, where they speak TLS. */
  readonly caFile?: string;
  /** Local stack only: Kafka with the administrator's login. */
  readonly kafka?: KafkaAdminAccess;
  logOf(service: string): string;
}

/** The people of this machine's own issuer. */
interface LocalPeople {
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
  if (!isObject(run)) return undefined;
  const { intake_url: intakeUrl, ca_file: caFile } = textsIn(run);
  const { internal, demo, issuer } = run;
  if (intakeUrl === undefined || !isObject(internal)) return undefined;
  const services = Object.entries(textsIn(internal)).map(
    ([name, url]) => [name.replaceAll('_', '-'), withoutSlash(url)] as const,
  );
  const { key_id: keyId, secret } = textsIn(demo);
  const { token_url: tokenUrl } = textsIn(issuer);
  const people =
    isObject(issuer) && isObject(issuer['people']) ? textsIn(issuer['people']) : undefined;
  const passwords = new Map(Object.entries(people ?? {}));
  const kafka = kafkaOf(run, caFile);
  return {
    intakeUrl: withoutSlash(intakeUrl),
    services: new Map(services),
    ...(tokenUrl !== undefined && people && { people: { tokenUrl, passwords } }),
    ...(keyId !== undefined && secret !== undefined && { demo: { keyId, secret } }),
    ...(caFile !== undefined && { caFile }),
    ...(kafka && { kafka }),
    logOf: (service) => join(logs, `${service}.log`),
  };
}

/** Fields of an object that are texts. */
function textsIn(fields: unknown): Readonly<Record<string, string>> {
  const entries = isObject(fields) ? Object.entries(fields) : [];
  return Object.fromEntries(entries.filter(([, value]) => typeof value === 'string')) as Record<
    string,
    string
  >;
}

function kafkaOf(
  { kafka_brokers: brokers, kafka_logins: logins }: Row,
  caFile: string | undefined,
): KafkaAdminAccess | undefined {
  if (!Array.isArray(brokers) || !brokers.every((one) => typeof one === 'string')) return undefined;
  const login = isObject(logins) && isObject(logins['admin']) ? logins['admin'] : null;
  const tls = caFile === undefined ? null : { caFile, client: null };
  return { brokers, login: login as PasswordLogin | null, tls };
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
