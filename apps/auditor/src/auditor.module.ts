import { Module } from '@nestjs/common';
import { Checks } from './checks/checks.js';
import { FollowedPosition } from './checks/followed-position.js';
import { ChainHeadsConsumer } from './facts/chain-heads.consumer.js';
import { LedgerEventsConsumer } from './facts/ledger-events.consumer.js';
import { VenueCommandsConsumer } from './facts/venue-commands.consumer.js';
import { AuditFindings } from './findings/findings.js';
import { FindingsController } from './findings/findings.admin.controller.js';
import { VenueEventsConsumer } from './releases/venue-events.consumer.js';
import { FindingSeals } from './seals/finding-seals.js';
import { CoveredVenues } from './venues/venue-readers.js';

/** Facts of both sides, their comparison, and the findings. */
@Module({
  controllers: [
    LedgerEventsConsumer,
    VenueCommandsConsumer,
    ChainHeadsConsumer,
    VenueEventsConsumer,
    FindingsController,
  ],
  providers: [FindingSeals, CoveredVenues, FollowedPosition, Checks, AuditFindings],
})
export class AuditorModule {}
