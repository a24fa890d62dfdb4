import { connectorOf, WALLET } from '@sluice/messages';
import type { OwnWord } from './examine-service.js';
import { examined, type Examined } from './findings.js';

const SIGNER = 'signer';

/**
 * In a cluster only the connector of our wallet reaches the signer. A signer unreachable for this
 * command is correct if the connector reaches the signer or reports the fault.
 */
export function behindItsWall(seen: Examined, words: readonly OwnWord[]): Examined {
  const isAway = seen.findings.some(({ code }) => code === 'service-away');
  const connector = connectorOf(WALLET);
  const word = words.find(({ service }) => service === connector);
  if (seen.about !== SIGNER || !isAway || !word?.checked.includes(SIGNER)) return seen;
  const because = `only ${connector} reaches it, as intended; the findings of ${connector} are listed there.`;
  return examined(SIGNER, { untold: [{ what: 'self-check', because }] });
}
