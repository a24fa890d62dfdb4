import type { KafkaAdminAccess, KafkaRight, KafkaState, KafkaTls } from '@sluice/kafka/inspect';
import { PUBLIC_TOPICS, SERVICES_AT_KAFKA, topicsProducedBy, topicsReadBy } from '@sluice/messages';
import { readFileSync } from 'node:fs';
import { readAdminProperties } from '../kafka/admin-properties.js';
import type { Naming } from '../kafka/naming.js';
import type { KafkaSettings } from '../settings/config.js';
import type { RunFile } from '../settings/run-file.js';
import { finding, type Finding, some } from './findings.js';

/**
 * Returns Kafka access from the environment, or from the run file of a local stack; null if neither
 * exists.
 */
export function kafkaAccess(settings: KafkaSettings, run: RunFile): KafkaAdminAccess | null {
  if (settings.brokers.length === 0) return run.kafka ?? null;
  const { brokers, propertiesFile, username, password, mechanism } = settings;
  if (propertiesFile !== '')
    return { brokers, ...readAdminProperties(readFileSync(propertiesFile, 'utf8')) };
  return {
    brokers,
    login: username === '' ? null : { mechanism, username, password: password.reveal() },
    tls: tlsOf(settings),
  };
}

function tlsOf({ tls, caFile, certFile, keyFile }: KafkaSettings): KafkaTls | null {
  return tls || caFile !== ''
    ? { caFile: caFile || null, client: certFile === '' ? null : { certFile, keyFile } }
    : null;
}

/** Intended properties of this environment, not contained in the tables of the code. */
export interface KafkaNeeds {
  readonly partitions: number;
  readonly replicationFactor: number;
  /** Expected logins beside the logins of services and readers. */
  readonly knownLogins: readonly string[];
  /** Login of this command; always expected. */
  readonly administrator: string | null;
  readonly naming: Naming;
  /** True if this command connects with TLS. */
  readonly isEncrypted: boolean;
}

/** Name of the administrator's login; null without a login. */
export function loginOf({ login }: KafkaAdminAccess): string | null {
  if (login === null) return null;
  return login.mechanism === 'oauthbearer' ? login.clientId : login.username;
}

/**
 * Compares each login's rights with the table of topics: missing and surplus rights are reported.
 */
export function rightFindings(
  { rights }: KafkaState,
  { knownLogins, administrator }: KafkaNeeds,
): readonly Finding[] {
  if (rights === null) return [finding('kafka-open')];
  const known: readonly (string | null)[] = [...SERVICES_AT_KAFKA, ...knownLogins, administrator];
  const byLogin = Map.groupBy(rights, ({ principal }) => principal.replace(/^User:/, ''));
  return [
    ...SERVICES_AT_KAFKA.flatMap((service) => ofService(service, byLogin.get(service) ?? [])),
    ...[...byLogin].flatMap(([login, held]) =>
      known.includes(login) ? [] : ofOthers(login, held),
    ),
  ];
}

function ofService(service: string, held: readonly KafkaRight[]): readonly Finding[] {
  const wanted = rightsOf(service);
  const words = held.map(wordsOf);
  const missing = wanted.filter((right) => !words.includes(right));
  const surplus = words.filter((right) => !wanted.includes(right));
  return [
    ...(missing.length > 0 ? [finding('kafka-rights-missing', service, some(missing))] : []),
    ...(surplus.length > 0 ? [finding('kafka-rights-surplus', service, some(surplus))] : []),
  ];
}

/** Readers may read public topics, with consumer groups prefixed by their own name. */
function ofOthers(login: string, held: readonly KafkaRight[]): readonly Finding[] {
  const surplus = held.filter((right) => !isReaders(login, right)).map(wordsOf);
  const code = login === '*' ? 'kafka-rights-everybody' : 'kafka-rights-unknown';
  return surplus.length === 0 ? [] : [finding(code, login, some(surplus))];
}

function isReaders(login: string, { permission, operation, resource, name }: KafkaRight): boolean {
  if (permission === 'Deny') return true; // a Deny only removes rights
  if (operation !== 'Read' && operation !== 'Describe') return false;
  return resource === 'topic'
    ? PUBLIC_TOPICS.includes(name)
    : resource === 'group' && name.startsWith(login);
}

/** Returns the intended rights, from the same table as the topics job. */
function rightsOf(service: string): readonly string[] {
  return [
    ...topicsProducedBy(service).map((name) => `Allow Write topic ${name}`),
    ...topicsReadBy(service).map((name) => `Allow Read topic ${name}`),
    `Allow Read group ${service}`,
  ];
}

function wordsOf({ permission, operation, resource, name, pattern, host }: KafkaRight): string {
  const prefixed = pattern === 'prefixed' ? ' (and all that begin so)' : '';
  const from = host === '*' ? '' : ` from ${host}`;
  return `${permission} ${operation} ${resource} ${name}${prefixed}${from}`;
}
