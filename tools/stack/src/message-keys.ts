import { topicsProducedBy } from '@sluice/messages';
import { SERVICE_NAMES, specOf, type ServiceName } from './services.js';
import { venueOfConnector } from './venues.js';

/** Two services that share a key, or one that has it for itself. */
export type KeyPair = `${string}~${string}`;

/** With whom of these a service shares a key, by name: with every other one that it speaks to on Kafka, and with nobody the one under its own name. */
export function keyPairsOf(
  name: ServiceName,
  among: readonly ServiceName[] = SERVICE_NAMES,
): ReadonlyMap<ServiceName, KeyPair> {
  const peers = among.filter((peer) => peer === name || speak(name, peer));
  return new Map(peers.map((peer) => [peer, `${[name, peer].sort().join('~')}` as KeyPair]));
}

/** Every key that a stack needs, each once. */
export const KEY_PAIRS: readonly KeyPair[] = [
  ...new Set(SERVICE_NAMES.flatMap((name) => [...keyPairsOf(name).values()])),
];

/** What the file of a service holds: see libs/message-auth. */
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

/** Connectors do not among themselves, and who only reads along does to nobody; but for those of the table who prove things to each other. */
function speak(one: ServiceName, other: ServiceName): boolean {
  if (shares(one, other) || shares(other, one)) return true;
  return (
    !(isConnector(one) && isConnector(other)) &&
    [one, other].every((name) => topicsProducedBy(name).length > 0)
  );
}

function shares(one: ServiceName, other: ServiceName): boolean {
  return specOf(one).sharesKeysWith?.includes(other) ?? false;
}

function isConnector(name: ServiceName): boolean {
  return venueOfConnector(name) !== undefined;
}
