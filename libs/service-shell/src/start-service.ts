import 'reflect-metadata';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Logger } from '@sluice/background';
import { ConfigError } from '@sluice/config';
import { acceptRawBodies } from '@sluice/http-api';
import type { Database, DatabaseSchema, EntityClass, InvariantReport } from '@sluice/postgres';
import { AdminModule } from './admin/admin.module.js';
import { OpenApiDocument } from './admin/open-api.controller.js';
import { auditAnswers, slowRefusals } from './audit/admin-calls.js';
import { AuditInterceptor } from './audit/audit.interceptor.js';
import { AuditLog } from './audit/audit-log.js';
import { certificateFilesOf, type ServiceConfig } from './config.js';
import { ServerCertificate } from './tls/server-certificate.js';
import { CONSUMES_NOTHING, type ConsumerStatus } from './consumer-status.js';
import { RefusedCredentials } from './refused-credentials.js';
import { registerProcessMetrics } from './process-metrics.js';
import { ProcessExit } from './process-exit.js';
import { HttpServers, type HttpPort } from './http-servers.js';
import { keepBufferPoolsSmall } from './buffer-pool.js';
import { registerBuildInfo } from './build-info.js';
import { measureRequests } from './http-metrics.js';
import { answerWithRequestId } from './request-ids.js';
import { traceRequests } from './traces/trace-requests.js';
import { startTraces } from './traces/trace-settings.js';
import { startInvariantWatch, type InvariantWatch } from './invariant-watch.js';
import { httpAdapter } from './http-adapter.js';
import { ErrorFilter } from './error.filter.js';
import { PlatformModule } from './platform.module.js';
import { PortGuard } from './port.guard.js';
import { createLogger, NestLogger } from './logging.js';
import { settingFault } from './start-faults.js';
import { PLATFORM_GAUGES, registerTableGauges, type TableGauge } from './table-gauges.js';
import { openPlatform, type RunningPlatform, type Platform } from './platform.js';

export interface ServiceDefinition<C extends ServiceConfig> {
  name: string;
  config: C;
  /** Its owner brings the database up to this (`dist/migrate.js`); until then the service waits. */
  schema: DatabaseSchema;
  /** The tables whose rows it administers one by one. */
  entities?: readonly EntityClass[];
  /** The service's module. What it needs of the platform it injects; workers stop in `beforeApplicationShutdown`. */
  module: Type | DynamicModule;
  /** What must hold in its database at any moment. */
  checkInvariants: (database: Database) => Promise<InvariantReport>;
  /** What it looks at every minute by itself. */
  invariantWatch?: InvariantWatch;
  /** How failures leave, where that is not as everywhere. */
  errorFilter?: Type<ErrorFilter>;
  /** Where /internal is served when the main port is public. */
  internalPort?: number;
  /** Where strangers are served when the main port is the admin API's, such as a venue that sends webhooks. */
  publicPort?: number;
  /** The address of it; without one that of HOST. */
  internalHost?: string;
  poolSize?: number;
  /** Metrics of its own tables, beside those that every service has. */
  gauges?: readonly TableGauge[];
  /** What has to look at a request before its route is found. */
  hooks?: (fastify: FastifyInstance) => void;
}

/**
 * Starts one service and stops it in order on SIGTERM or SIGINT. While its database is away, or its owner has not migrated it, it waits,
 * for hours if need be, alive and unready. A wrong setting ends it with a sentence; a part that fails for good ends it, so that it is started anew.
 */
export async function startService<C extends ServiceConfig>(
  define: () => ServiceDefinition<C>,
): Promise<void> {
  keepBufferPoolsSmall();
  const definition = readDefinition(define);
  const { name, config } = definition;
  const logger = createLogger(name, config.logLevel, config.otlpEndpoint !== '');
  const exit = new ProcessExit(logger);
  const servers = new HttpServers(portsOf(definition), certificateOf(config, logger));
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
    exit.drainWith(async () => {
      await watching?.stop();
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

/** Reads the settings, once; a wrong one ends the process with a sentence instead of a stack. */
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

/** The Nest application of a service, not listening yet. Tests run it without a consumer. */
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
  const auditLog = new AuditLog({ service, unitOfWork, logger, keys: config.auditKeys });
  slowRefusals(fastify, new RefusedCredentials(), internalPort); // before the log, which then has nothing of it
  auditAnswers(fastify, { log: auditLog, logger, internalPort });
  const app = await NestFactory.create<NestFastifyApplication>(
    {
      module: ServiceModule,
      imports: [
        PlatformModule.of({
          ...definition,
          ...(internalPort !== undefined && { internalPort }),
          ...{ platform, auditLog },
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

/** While draining: a connection that the client keeps alive after its answer would hold up the end until the drain's limit. */
function closeAfterAnswer(fastify: FastifyInstance, { health }: Platform): void {
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (health.draining) void reply.header('connection', 'close');
    done();
  });
}

/** Unready first, then no new requests and batches, then what is in flight, then what waits in the outbox. */
async function drain(
  app: NestFastifyApplication,
  servers: HttpServers,
  platform: RunningPlatform,
): Promise<void> {
  platform.health.drain();
  await servers.close(); // first: a request under way may wait for an event that only the consumer receives
  await app.close();
  await platform.stop();
}
