import {
  type DynamicModule,
  Global,
  type INestApplication,
  Module,
  type Provider,
  type Type,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CALLERS, PASSKEY_PROOFS } from '@sluice/http-api';
import {
  Database,
  type DatabaseSchema,
  DeadLetters,
  type InvariantReport,
  SkippedBatches,
  UnitOfWork,
} from '@sluice/postgres';
import { Approvals } from '../approvals/approvals.js';
import { AuditLog } from '../audit/audit-log.js';
import { RefusedItems } from '../audit/audit.interceptor.js';
import { ProvenCallers } from '../callers/proven-callers.js';
import { httpAdapter } from '../http/http-adapter.js';
import { RefusedCredentials } from '../http/refused-credentials.js';
import { withPlatformInvariants } from '../invariants/platform-invariants.js';
import { PasskeyRule } from '../passkeys/passkey-rule.js';
import { type PasskeySource, VouchedPasskeys } from '../passkeys/passkey-source.js';
import { ProvenPasskeys } from '../passkeys/proven-passkeys.js';
import { Health } from '../platform/health.js';
import type { Platform } from '../platform/platform.js';
import { Inbox } from '../inbox/inbox.js';
import { RecordSeals } from '../seals/record-seals.js';
import { platformChecks } from '../self-check/platform.check.js';
import { SelfChecks } from '../self-check/self-checks.js';
import { AuditKeys } from '../settings/audit-keys.js';
import type { ServiceConfig } from '../settings/config.js';
import {
  CONFIG,
  INTERNAL_PORT,
  INVARIANT_CHECK,
  LOGGER,
  MESSAGE_KEYS,
  PLATFORM,
} from '../settings/tokens.js';

interface PlatformModuleOptions {
  readonly platform: Platform;
  readonly config: ServiceConfig;
  readonly auditLog: AuditLog;
  readonly schema: DatabaseSchema;
  /** Port of the admin API if separate. */
  readonly internalPort?: number;
  readonly checkInvariants: (database: Database) => Promise<InvariantReport>;
  readonly passkeys?: OwnPasskeys;
}

/** Makes the source of a service with the passkeys in its own tables. */
export type OwnPasskeys = (database: Database, seals: RecordSeals) => PasskeySource;

/** Platform parts for all constructors, by class where one exists. */
@Global()
@Module({})
export class PlatformModule {
  static of({
    platform,
    config,
    auditLog,
    schema,
    internalPort,
    checkInvariants,
    passkeys,
  }: PlatformModuleOptions): DynamicModule {
    const { database, unitOfWork, deadLetters, skipped, health, logger, messageKeys } = platform;
    const now = (): Date => platform.clock.now();
    const seals = new RecordSeals(platform.name, config.auditKeys);
    const source =
      passkeys?.(database, seals) ?? new VouchedPasskeys(platform.name, messageKeys, now);
    const providers: Provider[] = [
      { provide: Database, useValue: database },
      { provide: UnitOfWork, useValue: unitOfWork },
      { provide: DeadLetters, useValue: deadLetters },
      { provide: SkippedBatches, useValue: skipped },
      { provide: Health, useValue: health },
      { provide: SelfChecks, useValue: platformChecks(platform, config, schema) },
      { provide: MESSAGE_KEYS, useValue: messageKeys },
      PasskeyRule,
      Approvals,
      Inbox,
      RefusedCredentials,
      { provide: AuditLog, useValue: auditLog },
      RefusedItems,
      { provide: AuditKeys, useValue: config.auditKeys },
      { provide: RecordSeals, useValue: seals },
      { provide: LOGGER, useValue: logger },
      { provide: PLATFORM, useValue: platform },
      { provide: CONFIG, useValue: config },
      {
        provide: CALLERS,
        useValue: new ProvenCallers(platform.name, config, now),
      },
      { provide: PASSKEY_PROOFS, useValue: new ProvenPasskeys(platform.name, source, now) },
      { provide: INTERNAL_PORT, useValue: internalPort ?? null },
      {
        provide: INVARIANT_CHECK,
        useValue: () => withPlatformInvariants(database, checkInvariants),
      },
    ];
    return { module: PlatformModule, providers, exports: providers };
  }

  /** Provides the names of all parts given by `of`, without values. */
  static preview(): DynamicModule {
    const providers = GIVEN.map((provide) => ({ provide, useValue: null }));
    return { module: PlatformModule, providers, exports: providers };
  }
}

const GIVEN = [
  Database,
  UnitOfWork,
  DeadLetters,
  SkippedBatches,
  Health,
  SelfChecks,
  PasskeyRule,
  Approvals,
  Inbox,
  RefusedCredentials,
  AuditLog,
  RefusedItems,
  AuditKeys,
  RecordSeals,
  MESSAGE_KEYS,
  LOGGER,
  PLATFORM,
  CONFIG,
  CALLERS,
  PASSKEY_PROOFS,
  INTERNAL_PORT,
  INVARIANT_CHECK,
];

/** Modules without instances and connections, for readers of decorators such as OpenAPI. */
export async function previewOf(module: Type | DynamicModule): Promise<INestApplication> {
  return NestFactory.create(
    { module: PreviewModule, imports: [PlatformModule.preview(), module] },
    httpAdapter(),
    { preview: true, logger: false, abortOnError: false },
  );
}

@Module({})
class PreviewModule {}
