import { createHash } from 'node:crypto';
import { MessageKeys } from '@sluice/signing';
import { VENUES, connectorOf, WALLET } from '@sluice/messages';

const SERVICES = [
  'intake-api',
  'ledger',
  'signer',
  'auditor',
  ...[...VENUES, WALLET, 'testvenue'].map(connectorOf),
];

/**
 * Message keys of a service in tests. A key shared by two services is equal in both, in every test.
 */
export function testMessageKeys(service: string): MessageKeys {
  return MessageKeys.parse(testMessageKeysText(service));
}

/** The same as the text of a file. */
export function testMessageKeysText(service: string): string {
  const peers = [...new Set([service, ...SERVICES])];
  return JSON.stringify(
    Object.fromEntries(peers.map((peer) => [peer, [{ id: 'test', key: keyOf(service, peer) }]])),
  );
}

function keyOf(...pair: readonly [string, string]): string {
  return createHash('sha256')
    .update(`test key of ${pair.toSorted().join(' and ')}`)
    .digest('base64');
}
