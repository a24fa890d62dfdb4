import { Module } from '@nestjs/common';
import { AuditedChains } from './chains/audited-chains.js';
import { AuditedSources, Checks } from './checks/checks.js';
import { FollowedPosition } from './checks/followed-position.js';
import { ChainHeadsConsumer, LedgerEventsConsumer } from './facts/ledger-events.consumer.js';
import { VenueCommandsConsumer } from './facts/venue-commands.consumer.js';
import { FactWrites } from './writes/fact-writes.js';
import { AuditorInbox } from './findings/auditor-inbox.js';
import { AuditFindings, FindingsController } from './findings/findings.admin.controller.js';
import { Glance } from './glance/glance.js';
import { FindingClosings } from './seals/finding-closings.js';
import { PermitIssuer } from './permits/permit-issuer.js';
import { VenueEventsConsumer } from './facts/venue-events.consumer.js';
import { PendingReports, ReportsConsumer } from './check-reports/reports.consumer.js';
import { FindingSeals } from './seals/finding-seals.js';
import { CoveredVenues } from './venues/venue-readers.js';

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
    AuditorInbox,
    FindingClosings,
    FindingSeals,
    PermitIssuer,
  ],
})
export class AuditorModule {}
