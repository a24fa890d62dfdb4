import type { SelfCheckFinding } from '@sluice/service-shell';
import type { KeyRights } from '../tokens/tokens.js';

type Known = Extract<KeyRights, { kind: 'rights' }>;

/** Warning period: a venue's key is renewed by hand, by few people, and a month is short. */
const SOON_MS = 30 * 86_400_000;

/** Returns the defects of our key at a venue. */
export function keyFindings(
  venue: string,
  { lacks, surplus, isOpenToAll, endsAt }: Known,
  now: Date,
): readonly SelfCheckFinding[] {
  return [
    lacks.length === 0
      ? null
      : {
          code: 'venue-key-lacks',
          wrong: `The key at ${venue} lacks ${lacks.join(', ')}.`,
          follows: 'The connector cannot pay, or cannot find its payments again.',
          remedy: `Give it that at ${venue}, or give the connector another key.`,
        },
    surplus.length === 0
      ? null
      : {
          code: 'venue-key-surplus',
          wrong: `The key at ${venue} has ${surplus.join(', ')} as well, which the connector does not use.`,
          follows: 'A thief of the key can do that too, and none of our checks would notice it.',
          remedy: `Take it away at ${venue}.`,
        },
    isOpenToAll === true
      ? {
          code: 'venue-key-any-address',
          wrong: `The key at ${venue} may be used from any address.`,
          follows: 'A thief of the key can pay from any address.',
          remedy: `Bind it at ${venue} to the addresses that this connector calls from.`,
        }
      : null,
    endsAt === null || endsAt.getTime() - now.getTime() > SOON_MS
      ? null
      : {
          code: 'venue-key-ends',
          wrong: `The key at ${venue} ends at ${endsAt.toISOString()}.`,
          follows: 'From then on nothing is sent there, and nothing that was sent is followed.',
          remedy: `Make another key at ${venue}, or bind this one to addresses, and give it to the connector.`,
        },
  ].filter((finding) => finding !== null);
}
