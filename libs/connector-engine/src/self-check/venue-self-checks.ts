import { Injectable } from '@nestjs/common';
import type { VenueCapabilities } from '@sluice/connector-rules';
import { Database } from '@sluice/postgres';
import { type SelfCheckFinding, type SelfCheckResult, SelfChecks } from '@sluice/service-shell';
import { VenueClock } from '../clock/venue-clock.js';
import {
  InjectCapabilities,
  InjectStartCheck,
  type KeyRights,
  type VenueStartCheck,
} from '../tokens/tokens.js';

@Injectable()
export class VenueSelfChecks {
  constructor(
    checks: SelfChecks,
    private readonly clock: VenueClock,
    private readonly database: Database,
    @InjectStartCheck() private readonly venue: VenueStartCheck,
    @InjectCapabilities() private readonly capabilities: VenueCapabilities,
  ) {
    checks.add(
      { name: "venue's clock", look: () => this.lookAtClock() },
      { name: "venue's key", look: () => this.lookAtKey() },
    );
  }

  private async lookAtClock(): Promise<SelfCheckResult> {
    await this.venue.readClock();
    const fault = this.clock.fault();
    if (fault === null) return {};
    return {
      findings: [
        {
          code: 'clock-venue',
          wrong: `${fault[0]?.toUpperCase()}${fault.slice(1)}.`,
          follows: `This connector sends nothing to ${this.capabilities.venue} meanwhile.`,
          remedy:
            'Check the time synchronisation (NTP) of this machine, and the venue’s status page.',
        },
      ],
    };
  }

  private async lookAtKey(): Promise<SelfCheckResult> {
    await this.venue.readClock(); // the key query is signed with this clock
    const rights = await this.venue.keyRights();
    if (rights.kind === 'unavailable') throw new Error(rights.cause);
    const findings = keyFindings(this.capabilities.venue, rights, this.database.clock.now());
    return { findings, ...(rights.untold !== null && { untold: [rights.untold] }) };
  }
}

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
