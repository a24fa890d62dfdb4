import { createHash, createPrivateKey } from 'node:crypto';
import { simulatedOf, type SimulatedName } from '@sluice/stack';

/** Credentials of the simulator for this venue, known before the simulator starts. */
export function simulatedKeysOf(venue: SimulatedName): Readonly<Record<string, string>> {
  const { simulatedKeys } = simulatedOf(venue);
  return 'private_key' in simulatedKeys
    ? { ...simulatedKeys, private_key: privateKeyOf(venue) }
    : simulatedKeys;
}

/**
 * Ed25519 key of the main client at the simulated venue. The simulator derives the same key; the
 * key gives access to no other system.
 */
function privateKeyOf(venue: SimulatedName): string {
  const seed = createHash('sha256').update(`simulated ${venue} key main`).digest();
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}
