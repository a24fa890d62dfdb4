import { Module } from '@nestjs/common';
import { AuditedChains } from './chains/audited-chains.js';
import { Checks } from './checks/checks.js';
import { FollowedPosition } from './checks/followed-position.js';
import { ChainHeadsConsumer } from './facts/chain-heads.consumer.js';
import { LedgerEventsConsumer } from './facts/ledger-events.consumer.js';
import { VenueCommandsConsumer } from './facts/venue-commands.consumer.js';
import { FactWrites } from './writes/fact-writes.js';
import { AuditFindings } from './findings/findings.js';
import { FindingsController } from './findings/findings.admin.controller.js';
import { Glance } from './glance/glance.js';
import { FindingClosings } from './seals/finding-closings.js';
import { PermitIssuer } from './permits/permit-issuer.js';
import { VenueEventsConsumer } from './releases/venue-events.consumer.js';
import { PendingReports } from './check-reports/pending-reports.js';
import { ReportsConsumer } from './check-reports/reports.consumer.js';
import { FindingSeals } from './seals/finding-seals.js';
import { AuditedSources } from './sources/audited-sources.js';
import { CoveredVenues } from './venues/venue-readers.js';

/** Facts of both sides, their comparison, the findings, and the permits. */
@Module({
  controllers: [
    LedgerEventsConsumer,
    VenueCommandsConsumer,
    ChainHeadsConsumer,
    VenueEventsConsumer,
    ReportsConsumer,
    FindingsController,
  ],
  providers: [
    CoveredVenues,
    AuditedChains,
    AuditedSources,
    FactWrites,
    PendingReports,
    Glance,
    FollowedPosition,
    Checks,
    AuditFindings,
    FindingClosings,
    FindingSeals,
    PermitIssuer,
  ],
})
export class AuditorModule {}
