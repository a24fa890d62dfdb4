import { Module, type DynamicModule } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { ApprovalsController } from '../approvals/approvals.controller.js';
import { AuditController } from '../audit/audit.controller.js';
import { InboxController } from '../inbox/inbox.controller.js';
import type { ConsumerStatus } from '../metrics/kafka-gauges.js';
import { SelfCheckController } from '../self-check/self-check.controller.js';
import { CONSUMER_STATUS } from '../settings/tokens.js';
import { ConsumerController } from './consumer.controller.js';
import { DeadLettersController, SkippedBatchesController } from './dead-letters.controller.js';
import {
  HealthController,
  InvariantsController,
  MetricsController,
  WhoamiController,
} from './health.controller.js';
import { OpenApiController, OpenApiDocument } from './open-api.controller.js';

/** Admin endpoints of every service, for operators and orchestrators. */
@Module({})
export class AdminModule {
  /** `consumer` is absent where a test runs the service without Kafka. */
  static of(consumer: ConsumerStatus | undefined): DynamicModule {
    return {
      module: AdminModule,
      imports: [TerminusModule.forRoot({ logger: false })],
      controllers: [
        HealthController,
        MetricsController,
        InvariantsController,
        SelfCheckController,
        DeadLettersController,
        OpenApiController,
        WhoamiController,
        AuditController,
        ApprovalsController,
        InboxController,
        ...(consumer ? [SkippedBatchesController, ConsumerController] : []),
      ],
      providers: [OpenApiDocument, { provide: CONSUMER_STATUS, useValue: consumer }],
    };
  }
}
