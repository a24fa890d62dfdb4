import 'reflect-metadata';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { ConfigError, type Logger } from '@sluice/runtime';
import { acceptRawBodies } from '@sluice/http-api';
import type { Database, DatabaseSchema, EntityClass, InvariantReport } from '@sluice/postgres';
import { AdminModule } from '../admin/admin.module.js';
import { OpenApiDocument } from '../admin/open-api.controller.js';
import { auditAnswers, slowRefusals } from '../audit/admin-calls.js';
import { AuditInterceptor } from '../audit/audit.interceptor.js';
import { AuditLog } from '../audit/audit-log.js';
import { reportsToAuditor } from '../settings/reports-to-auditor.js';
import { certificateFilesOf, type ServiceConfig } from '../settings/config.js';
import { ServerCertificate } from '../tls/server-certificate.js';
import { type ConsumerStatus, CONSUMES_NOTHING, measureRequests } from '../metrics/kafka-gauges.js';
import { RefusedCredentials } from '../http/refused-credentials.js';
import { registerBuildInfo, registerProcessMetrics } from '../metrics/process-metrics.js';
import { ProcessExit } from './process-exit.js';
import { type HttpPort, HttpServers, PortGuard } from '../http/http-servers.js';
import { keepBufferPoolsSmall } from './buffer-pool.js';
import { answerWithRequestId, httpAdapter } from '../http/http-adapter.js';
import { startTraces, traceRequests } from '../traces/trace-settings.js';
import { startInvariantWatch, type InvariantWatch } from '../invariants/invariant-watch.js';
import { ErrorFilter } from '../http/error.filter.js';
import { type OwnPasskeys, PlatformModule } from './platform.module.js';
import { startCheckReports } from '../checks/check.js';
import { createLogger, NestLogger } from './logging.js';
import { settingFault } from '../platform/start-faults.js';
import { PLATFORM_GAUGES, registerTableGauges, type TableGauge } from '../metrics/table-gauges.js';
import type { EventSignatures } from '../platform/message-authentication.js';
import { openPlatform, type RunningPlatform, type Platform } from '../platform/platform.js';

export interface ServiceDefinition<C extends ServiceConfig> {
  name: string;
  config: C;
  /** Schema to which the owner migrates (`dist/migrate.js`), and for which the service waits. */
  schema: DatabaseSchema;
  entities?: readonly EntityClass[];
  events?: EventSignatures;
  /** The service's module; workers stop in `beforeApplicationShutdown`. */
  module: Type | DynamicModule;
  checkInvariants: (database: Database) => Promise<InvariantReport>;
  /** Check run periodically by the service (default: every minute). */
  invariantWatch?: InvariantWatch;
  /** Custom error filter; default: `ErrorFilter`. */
  errorFilter?: Type<ErrorFilter>;
  /** Port of /internal if the main port is public. */
  internalPort?: number;
  /** Port for external callers (e.g. venue webhooks) if the main port belongs to the admin API. */
  publicPort?: number;
  /** Address of the internal port; default: HOST. */
  internalHost?: string;
  poolSize?: number;
  /** Number of connections for the requests of customers; see `Database`. */
  customerPoolSize?: number;
  /** Time in ms for which messages are gathered, if no client waits for any message of the service. */
  gatherMs?: number;
  /** Delay in ms before a published row's separate removal. */
  publishedStayMs?: number;
  /** Default: passkeys are verified by vouchers of the ledger. */
  passkeys?: OwnPasskeys;
  gauges?: readonly TableGauge[];
  /** Registers hooks for requests before the route lookup. */
  hooks?: (fastify: FastifyInstance) => void;
}

/**
 * Starts a service, and drains it on SIGTERM or SIGINT. Waits alive and unready for database and
 * migration. A wrong setting ends the process with a sentence, a failed part for a restart.
 */
export async function startService<C extends ServiceConfig>(
  define: () => ServiceDefinition<C>,
): Promise<void> {
  keepBufferPoolsSmall();
  const definition = readDefinition(define);
  const { name, config } = definition;
  const logger = createLogger(name, config.logLevel, config.otlpEndpoint !== '');
  const exit = new ProcessExit(logger);
  const certificate = certificateOf(config, logger);
  const { httpKeepAliveMs } = config;
  const servers = new HttpServers(portsOf(definition), certificate, undefined, httpKeepAliveMs);
  try {
    const stopTraces = await startTraces(name, config, logger);
    const platform = await openPlatform({
      ...definition,
      logger,
      onFatal: (error) => exit.fail(error),
      onWaiting: (sentence) =>
        void servers.serveUnready(sentence).catch((error: unknown) => exit.fail(error)),
    });
    registerTableGauges(platform.database, [...PLATFORM_GAUGES, ...(definition.gauges ?? [])]);
    const app = await createApp(definition, platform);
    const { invariantWatch: watch } = definition;
    const watching = watch && startInvariantWatch({ ...platform, watch });
    const reporting = platform.server && startCheckReports(platform);
    exit.drainWith(async () => {
      await Promise.all([watching?.stop(), reporting?.stop()]);
      await drain(app, servers, platform);
      await stopTraces();
    });
    const fastify = app.getHttpAdapter().getInstance();
    await servers.serve((request, response) => fastify.routing(request, response));
    logger.info({ port: config.port, internalPort: definition.internalPort }, `${name} started`);
    await app.startAllMicroservices();
  } catch (error) {
    const fault = settingFault(config.databaseUrl.reveal(), error);
    if (fault === null) exit.fail(error);
    else exit.failWithSentence(fault);
  }
}

/** Reads the settings once; a wrong setting ends the process with a sentence instead of a stack. */
function readDefinition<C extends ServiceConfig>(
  define: () => ServiceDefinition<C>,
): ServiceDefinition<C> {
  try {
    return define();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

function certificateOf(config: ServiceConfig, logger: Logger): ServerCertificate | null {
  const files = certificateFilesOf(config);
  return files && new ServerCertificate(files, logger);
}

function portsOf({
  config: { host, port },
  internalPort,
  internalHost = host,
  publicPort,
}: Pick<
  ServiceDefinition<ServiceConfig>,
  'config' | 'internalPort' | 'internalHost' | 'publicPort'
>): readonly HttpPort[] {
  const inner = { host: internalHost, port: internalPort ?? port, reportsFaults: true };
  if (internalPort === undefined && publicPort === undefined) return [inner];
  return [{ host, port: publicPort ?? port, reportsFaults: false }, inner];
}

async function createApp<C extends ServiceConfig>(
  definition: ServiceDefinition<C>,
  platform: RunningPlatform,
): Promise<NestFastifyApplication> {
  registerProcessMetrics();
  registerBuildInfo(definition.name, definition.config.version);
  const { server } = platform;
  const app = await createServiceApp(definition, platform, server ?? CONSUMES_NOTHING);
  if (server) app.connectMicroservice({ strategy: server });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
}

/** Nest application that does not listen; tests run it without a consumer. */
export async function createServiceApp<C extends ServiceConfig>(
  definition: ServiceDefinition<C>,
  platform: Platform,
  consumer?: ConsumerStatus,
): Promise<NestFastifyApplication> {
  const { module, hooks, name: service, publicPort, config } = definition;
  const internalPort = publicPort === undefined ? definition.internalPort : config.port;
  const { unitOfWork, logger } = platform;
  const adapter = httpAdapter();
  const fastify = adapter.getInstance();
  answerWithRequestId(fastify);
  measureRequests(fastify);
  if (config.otlpEndpoint !== '') traceRequests(fastify);
  closeAfterAnswer(fastify, platform);
  const isReported = reportsToAuditor(service, platform.messageKeys);
  const auditLog = new AuditLog({
    service,
    unitOfWork,
    logger,
    keys: config.auditKeys,
    isReported,
  });
  // before the audit log: throttled rejections get no entry
  slowRefusals(fastify, new RefusedCredentials(), internalPort);
  auditAnswers(fastify, { log: auditLog, logger, internalPort });
  const app = await NestFactory.create<NestFastifyApplication>(
    {
      module: ServiceModule,
      imports: [
        PlatformModule.of({
          ...definition,
          ...(internalPort !== undefined && { internalPort }),
          platform,
          auditLog,
        }),
        AdminModule.of(consumer),
        module,
      ],
      providers: [
        { provide: APP_GUARD, useClass: PortGuard },
        { provide: APP_INTERCEPTOR, useClass: AuditInterceptor },
        { provide: APP_FILTER, useClass: definition.errorFilter ?? ErrorFilter },
      ],
    },
    adapter,
    { logger: new NestLogger(platform.logger), bodyParser: false, abortOnError: false },
  );
  hooks?.(fastify);
  acceptRawBodies(fastify);
  app.get(OpenApiDocument).describe(app, definition.name);
  return app;
}

@Module({})
class ServiceModule {}

/** A kept-alive connection would delay the drain to its limit. */
function closeAfterAnswer(fastify: FastifyInstance, { health }: Platform): void {
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (health.draining) void reply.header('connection', 'close');
    done();
  });
}

/** In order: unready, no new requests and batches, running work, outbox rows. */
async function drain(
  app: NestFastifyApplication,
  servers: HttpServers,
  platform: RunningPlatform,
): Promise<void> {
  platform.health.drain();
  // first: a running request may wait for an event received only by the consumer
  await servers.close();
  await app.close();
  await platform.stop();
}
