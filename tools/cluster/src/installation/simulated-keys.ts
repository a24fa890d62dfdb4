import { createHash, createPrivateKey } from 'node:crypto';
import { simulatedOf, type SimulatedName } from '@sluice/stack';

/** What the simulator hands out for this venue, known before it runs. */
export function simulatedKeysOf(venue: SimulatedName): Readonly<Record<string, string>> {
  const { simulatedKeys } = simulatedOf(venue);
  return venue === 'upvest' ? { ...simulatedKeys, private_key: upvestKey() } : simulatedKeys;
}

/** The Ed25519 key by which the simulated Upvest knows its main client; it is derived there in the same way, and opens nothing else. */
function upvestKey(): string {
  const seed = createHash('sha256').update('simulated upvest key main').digest();
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}
