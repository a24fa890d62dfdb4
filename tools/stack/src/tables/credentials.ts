import { PUBLIC_TOPICS, topicsProducedBy, topicsReadBy } from '@sluice/messages';
import type { KafkaLogin, KafkaRights } from '@sluice/test-servers';
import { SERVICE_NAMES, specOf, type ServiceName } from './services.js';
import { venueOfConnector } from './venues.js';

/**
 * Login of downstream readers: product teams and auditors. The local stack has a single login; in
 * production each reader has a separate login.
 */
export const DOWNSTREAM = 'downstream';
const ADMIN = 'admin';
export type LoginName = ServiceName | typeof DOWNSTREAM;
/** Services using Kafka. */
export const KAFKA_SERVICES = SERVICE_NAMES.filter((name) => !specOf(name).isolated);
export const LOGIN_NAMES: readonly LoginName[] = [...KAFKA_SERVICES, DOWNSTREAM];

/**
 * Rights of each login: consumer group names, and writable and readable topics. All rights are
 * derived from the topics.
 */
export const KAFKA_RIGHTS: readonly KafkaRights[] = [
  ...KAFKA_SERVICES.map((name) => ({
    username: name,
    writes: topicsProducedBy(name),
    reads: topicsReadBy(name),
    group: { name },
  })),
  { username: DOWNSTREAM, writes: [], reads: PUBLIC_TOPICS, group: { prefix: `${DOWNSTREAM}-` } },
];

/** Login of a service or consumer by SCRAM; Kafka stores only the verification data. */
export function kafkaLogin(username: LoginName, password: string): KafkaLogin {
  return { mechanism: 'scram-sha-512', username, password };
}

export function adminLogin(password: string): KafkaLogin {
  return { mechanism: 'plain', username: ADMIN, password };
}

/** Two services sharing a key, or the same service twice for a private key. */
export type KeyPair = `${string}~${string}`;

/**
 * Returns the key pairs of a service by peer name: a shared key for every peer on Kafka among the
 * given services. The key under the service's own name is private.
 */
function keyPairsOf(
  name: ServiceName,
  among: readonly ServiceName[] = SERVICE_NAMES,
): ReadonlyMap<ServiceName, KeyPair> {
  const peers = among.filter((peer) => peer === name || speak(name, peer));
  return new Map(peers.map((peer) => [peer, `${[name, peer].sort().join('~')}` as KeyPair]));
}

/** All distinct keys of a stack. */
export const KEY_PAIRS: readonly KeyPair[] = [
  ...new Set(SERVICE_NAMES.flatMap((name) => [...keyPairsOf(name).values()])),
];

/** Returns the content of a service's key file; see libs/signing. */
export function messageKeysOf(
  name: ServiceName,
  keyOf: (pair: KeyPair) => string,
  among?: readonly ServiceName[],
): Readonly<Record<string, readonly { readonly id: string; readonly key: string }[]>> {
  const entries = [...keyPairsOf(name, among)].map(([peer, pair]) => [
    peer,
    [{ id: '1', key: keyOf(pair) }],
  ]);
  return Object.fromEntries(entries) as Record<string, { id: string; key: string }[]>;
}

/**
 * True if two services share a key. Connectors share no keys with each other, and services
 * producing no topic share no keys. The auditor signs its messages, and needs no keys for them.
 * Exception: services listed in `sharesKeysWith`.
 */
function speak(one: ServiceName, other: ServiceName): boolean {
  if (shares(one, other) || shares(other, one)) return true;
  return (
    !(isConnector(one) && isConnector(other)) &&
    [one, other].every((name) => topicsProducedBy(name).length > 0 && !specOf(name).auditsVenues)
  );
}

function shares(one: ServiceName, other: ServiceName): boolean {
  return specOf(one).sharesKeysWith?.includes(other) ?? false;
}

function isConnector(name: ServiceName): boolean {
  return venueOfConnector(name) !== undefined;
}

// PKCS11_TOKEN is the label of a token, not a secret.
const SECRET =
  /^(?!PKCS11_TOKEN$)(DATABASE_URL|DATABASE_OWNER_URL|MESSAGE_KEYS|(CHAIN|CHAIN_SIGNING|EVENTS_SIGNING|AUDITOR_SIGNING|SERVICE)_KEY|(AUDITOR_)?EVM_CHAINS|\w+_PIN|\w+_(TOKEN|KEK|PASSWORD|SECRET|MEMO|PRIVATE_KEY))$/;

/** True if production accepts this variable only from a file named by `<name>_FILE`. */
export function isSecretVariable(name: string): boolean {
  return SECRET.test(name);
}
