import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import type { BackgroundLoop, Logger } from '@sluice/runtime';
import type { VenueAdapter, VenueCapabilities } from '@sluice/connector-rules';
import type { MessageKeys } from '@sluice/signing';
import {
  CONFIG,
  HaltLifts,
  Halts,
  HaltsController,
  LOGGER,
  MESSAGE_KEYS,
  ON_HALT_CHANGE,
  SCOPES_HALTED_HERE,
} from '@sluice/service-shell';
import { Database } from '@sluice/postgres';
import { ASSET_NAMES, type AssetNames, AssetRefresh, VenueAssets } from './assets/venue-assets.js';
import { AssetsController, SetAsset } from './assets/assets.controller.js';
import { SendAuthority } from './authority/send-authority.js';
import { BreaksController } from './admin/breaks.controller.js';
import {
  CasesController,
  SubmissionsController,
  UnclaimedRecordsController,
} from './admin/submissions.controller.js';
import { ConnectorInbox } from './admin/connector-inbox.js';
import { Decisions } from './admin/decisions.js';
import { SubmissionViews } from './admin/submission-views.js';
import { VenueController } from './admin/venue.controller.js';
import { VenueView } from './admin/venue-view.js';
import { VenueProof } from './admin/venue-proof.js';
import { BalanceWatch } from './balance/balance-watch.js';
import { BreakClosings, Breaks } from './breaks/breaks.js';
import { CancelHandler, Canceller } from './commands/cancel-handler.js';
import { Ceilings } from './ceilings/ceilings.js';
import { ClockKeeper, VenueClock } from './clock/venue-clock.js';
import { CommandHandler, StoreCommands } from './commands/command-handler.js';
import { RepeatedOrders } from './commands/repeated-orders.js';
import { SubmissionReport } from './commands/submission-report.js';
import { SubmitHandler } from './commands/submit-handler.js';
import type { ConnectorConfig } from './config.js';
import { Heartbeat } from './confirm/heartbeat.js';
import { ConnectorEngine } from './connector-engine.js';
import { VENUE_HTTP, VenuePauses } from './http/venue-pauses.js';
import { AttemptNumbers } from './attempts/attempt-numbers.js';
import { AttemptWatch, ClaimCommits } from './queue/claim-commits.js';
import { Outcomes } from './queue/outcomes.js';
import { SendingRules } from './queue/sending-rules.js';
import { SubmissionQueue } from './queue/submission-queue.js';
import { LOOP_PROVIDERS } from './loops/loop-providers.js';
import { Sweeper } from './queue/sweeper.js';
import { LatePermits, PERMITS, PermitsConsumer } from './permits/late-permits.js';
import { PermitWatch } from './permits/permit-watch.js';
import { RatePlan } from './rate/rate-plan.js';
import { withLanes, type RateRules } from './rate/rate-rules.js';
import { FirstLookup } from './record/first-lookup.js';
import { RecordReader } from './record/record-reader.js';
import { RECORD_PROVIDERS } from './record/record-providers.js';
import { ReturnedPayments } from './record/returned-payments.js';
import { FastFailover, RefusalCheck } from './refusal/refusal-check.js';
import { VenueSelfChecks } from './self-check/venue-self-checks.js';
import { LostIntents } from './restore/lost-intents.js';
import { PutBackRows, UnsentSeals } from './restore/put-back-rows.js';
import { SentMemory, SentOrders } from './restore/sent-orders.js';
import { RestoredDatabase, SettleRestored } from './confirm/restored-database.js';
import { ConfiguredLimits, PrepareSending, StartCheck } from './start/start-check.js';
import { SentReport } from './sent/sent-report.js';
import { OpenSubmissions } from './status/open-submissions.js';
import { StatusPoller, VenueHints } from './status/status-poller.js';
import {
  ENGINE_LOOPS,
  OWNER,
  VENUE_ADAPTER,
  VENUE_CAPABILITIES,
  VENUE_ENDINGS,
  VENUE_LOOPS,
  VENUE_START_CHECK,
  type VenueStartCheck,
} from './tokens/tokens.js';
import { UnknownResolver } from './unknown/unknown-resolver.js';
import { UnknownSubmissions } from './unknown/unknown-submissions.js';
import { EventWriter, type Endings } from './wire/event-writer.js';
import { WAITING_PROVIDERS, WaitWatch } from './waiting/wait-watch.js';
import { OutcomeCommitter } from './worker/outcome-committer.js';
import { SendGate } from './worker/send-gate.js';
import { SubmissionWorkers } from './worker/submission-workers.js';

/**
 * The venue's part of a connector. It may inject `VenueHttp`, `VenueClock`, `RatePlan`,
 * capabilities.
 */
interface VenueParts<Config extends ConnectorConfig> {
  capabilities(config: Config): VenueCapabilities;
  /** Built-in rate plan; RATE_PLAN replaces single endpoints. */
  readonly rateRules: RateRules;
  /** Naming rules for assets added at run time; if missing, assets change only with a release. */
  readonly assetNames?: AssetNames;
  readonly adapter: Type<VenueAdapter>;
  readonly startCheck: Type<VenueStartCheck>;
  /** Providers injected by the adapter and the start-up check: the client, caches. */
  readonly providers: readonly Provider[];
  /** The venue's own loops; they run from the start-up check to the end of the engine's loops. */
  readonly loops?: readonly Type<VenueLoops>[];
  /** True if the venue is not reached by the engine's HTTP client, and has no `baseUrl`. */
  readonly withoutHttp?: true;
  readonly controllers?: readonly Type[];
}

interface VenueLoops {
  readonly loops: readonly BackgroundLoop[];
}

/** Loops with queries to the venue about submissions; they run from the start-up check on. */
const LOOPS = [
  StatusPoller,
  RecordReader,
  ReturnedPayments,
  BalanceWatch,
  UnknownResolver,
  RefusalCheck,
  SentReport,
  FirstLookup,
  Canceller,
] as const;

/** Loops that run also while the start-up check fails, in the order of their start. */
const RUNNING_LOOPS = [
  Heartbeat,
  Sweeper,
  AssetRefresh,
  ClockKeeper,
  PermitWatch,
  LatePermits,
  WaitWatch,
] as const;

const SHARED = [Halts, HaltLifts, Breaks, BreakClosings, VenueHints, CommandHandler] as const;

const ENGINE: readonly Provider[] = [
  ConnectorEngine,
  PrepareSending,
  ConfiguredLimits,
  VenueView,
  StartCheck,
  LostIntents,
  PutBackRows,
  { provide: AttemptNumbers, useFactory: () => new AttemptNumbers() },
  RestoredDatabase,
  SettleRestored,
  SendGate,
  SubmissionWorkers,
  ...LOOP_PROVIDERS,
  ...RECORD_PROVIDERS,
  CancelHandler,
  RepeatedOrders,
  StoreCommands,
  SubmissionReport,
  SubmitHandler,
  Decisions,
  SubmissionViews,
  ConnectorInbox,
  ...WAITING_PROVIDERS,
  VenueProof,
  OpenSubmissions,
  OutcomeCommitter,
  Outcomes,
  ClaimCommits,
  AttemptWatch,
  SendingRules,
  SubmissionQueue,
  UnknownSubmissions,
  FastFailover,
  SetAsset,
  VenueSelfChecks,
  ...RUNNING_LOOPS,
  {
    provide: ENGINE_LOOPS,
    useFactory: (...parts: { readonly loop: BackgroundLoop }[]) => parts.map(({ loop }) => loop),
    inject: [...RUNNING_LOOPS],
  },
  ...LOOPS,
  { provide: SCOPES_HALTED_HERE, useValue: ['venue', 'all', 'asset', 'account', 'key'] },
  {
    provide: ON_HALT_CHANGE,
    useFactory: (workers: SubmissionWorkers) => () => workers.wake(),
    inject: [SubmissionWorkers],
  },
  {
    provide: Ceilings,
    useFactory: (venue: VenueCapabilities, { ceilings }: ConnectorConfig) =>
      new Ceilings(venue, ceilings),
    inject: [VENUE_CAPABILITIES, CONFIG],
  },
  {
    provide: SentOrders,
    useFactory: (venue: VenueCapabilities, own: ConnectorConfig) => new SentOrders(venue, own),
    inject: [VENUE_CAPABILITIES, CONFIG],
  },
  { provide: SentMemory, useFactory: () => new SentMemory() },
  {
    provide: UnsentSeals,
    useFactory: (authority: SendAuthority, { clock }: Database) =>
      new UnsentSeals(authority, () => clock.now()),
    inject: [SendAuthority, Database],
  },
  PERMITS,
  { provide: OWNER, useFactory: () => randomUUID() },
  {
    provide: EventWriter,
    useFactory: (
      { venue }: VenueCapabilities,
      { clock }: Database,
      authority: SendAuthority,
      endings: Endings | undefined,
    ) => new EventWriter(venue, authority, () => clock.now(), randomUUIDv7, endings),
    inject: [VENUE_CAPABILITIES, Database, SendAuthority, { token: VENUE_ENDINGS, optional: true }],
  },
  {
    provide: SendAuthority,
    useFactory: ({ venue }: VenueCapabilities, keys: MessageKeys) => new SendAuthority(venue, keys),
    inject: [VENUE_CAPABILITIES, MESSAGE_KEYS],
  },
  {
    provide: VenueClock,
    useFactory: ({ venue }: VenueCapabilities, logger: Logger) => new VenueClock(venue, logger),
    inject: [VENUE_CAPABILITIES, LOGGER],
  },
];

/** The venue-independent part of a connector: commands, workers, and operator views. */
@Module({})
export class ConnectorEngineModule {
  static forRoot<Config extends ConnectorConfig>({
    capabilities,
    rateRules,
    assetNames,
    adapter,
    startCheck,
    providers,
    loops = [],
    withoutHttp,
    controllers = [],
  }: VenueParts<Config>): DynamicModule {
    return {
      module: ConnectorEngineModule,
      controllers: [
        SubmissionsController,
        CasesController,
        BreaksController,
        AssetsController,
        HaltsController,
        UnclaimedRecordsController,
        PermitsConsumer,
        VenueController,
        ...controllers,
      ],
      providers: [
        ...ENGINE,
        ...SHARED,
        ...(withoutHttp === true ? [] : [VENUE_HTTP, VenuePauses]),
        ...providers,
        ...loops,
        {
          provide: VENUE_LOOPS,
          useFactory: (...parts: (VenueLoops | { readonly loop: BackgroundLoop })[]) =>
            parts.flatMap((part) => ('loops' in part ? part.loops : [part.loop])),
          inject: [...LOOPS, ...loops],
        },
        {
          provide: VenueAssets,
          useFactory: (config: Config) =>
            new VenueAssets({ ...capabilities(config), venue: config.venueAccount }),
          inject: [CONFIG],
        },
        {
          provide: VENUE_CAPABILITIES,
          useFactory: (assets: VenueAssets) => assets.capabilities,
          inject: [VenueAssets],
        },
        { provide: ASSET_NAMES, useValue: assetNames ?? null },
        { provide: VENUE_ADAPTER, useClass: adapter },
        { provide: VENUE_START_CHECK, useClass: startCheck },
        {
          provide: RatePlan,
          useFactory: (database: Database, config: Config, venue: VenueCapabilities) =>
            new RatePlan(database, withLanes({ ...rateRules, ...config.ratePlan }, venue)),
          inject: [Database, CONFIG, VENUE_CAPABILITIES],
        },
      ],
      exports: [...SHARED],
    };
  }
}
