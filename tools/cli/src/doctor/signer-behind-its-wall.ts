import { connectorOf, WALLET } from '@sluice/messages';
import type { OwnWord } from './examine-service.js';
import { examined, type Examined } from './findings.js';

const SIGNER = 'signer';

/**
 * In a cluster nobody reaches the signer but the connector that it signs for: that it cannot be asked from here is as it should be, where
 * that connector can ask it or says itself why it cannot.
 */
export function behindItsWall(seen: Examined, words: readonly OwnWord[]): Examined {
  const isAway = seen.findings.some(({ code }) => code === 'service-away');
  const connector = connectorOf(WALLET);
  const word = words.find(({ service }) => service === connector);
  if (seen.about !== SIGNER || !isAway || !word?.checked.includes(SIGNER)) return seen;
  const because = `nobody reaches it but ${connector}, which is as it should be; what ${connector} finds is said there.`;
  return examined(SIGNER, { untold: [{ what: 'self-check', because }] });
}
