import { Injectable } from '@nestjs/common';
import type { VenueCapabilities } from '@sluice/connector-rules';
import { Database } from '@sluice/postgres';
import { SelfChecks, type SelfCheckResult } from '@sluice/service-shell';
import { VenueClock } from '../clock/venue-clock.js';
import { InjectCapabilities, InjectStartCheck, type VenueStartCheck } from '../tokens/tokens.js';
import { keyFindings } from './key-findings.js';

/**
 * Self-checks of a connector in addition to the checks of every service: the venue's clock, and the
 * connector's key at the venue.
 */
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
