import { topicsProducedBy } from '@sluice/messages';
import { SERVICE_NAMES, specOf, type ServiceName } from './services.js';
import { venueOfConnector } from './venues.js';

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
