import 'reflect-metadata';
import { createServer, type Server } from 'node:http';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { DatabaseOwner, MigrationClass } from '@sluice/postgres';
import type { ServiceConfig } from './config.js';
import { openDoors } from './internal-doors.js';
import { NestLogger } from './logging.js';
import { PLATFORM_GAUGES, offerGauges, type TableGauge } from './table-gauges.js';
import { openPlatform, type OwnedPlatform, type Platform } from './platform.js';

export interface ServiceDefinition<C extends ServiceConfig> {
  name: string;
  config: C;
  migrations: readonly MigrationClass[];
  /** Where another login than the service's own migrates. */
  owner?: DatabaseOwner;
  /** Builds the service's one module; workers stop in `beforeApplicationShutdown`. */
  module: (platform: Platform, config: C) => DynamicModule | Promise<DynamicModule>;
  /** Where /internal is served when the main port is public. */
  internalPort?: number;
  poolSize?: number;
  /** Metrics of its own tables, beside those that every service has. */
  gauges?: readonly TableGauge[];
  /** Replaces Nest's JSON body parser, for services that need the bytes. */
  bodies?: (fastify: FastifyInstance) => void;
}

const DRAIN_LIMIT_MS = 20_000;

/** Starts one service and stops it in order on SIGTERM or SIGINT. A part that fails for good ends the process, so that it is started anew. */
export async function startService<C extends ServiceConfig>(definition: ServiceDefinition<C>): Promise<void> {
  const { name, config } = definition;
  const platform = await openPlatform({ ...definition, onFatal: (error) => die(error) });
  const die = (error: unknown): never => {
    platform.logger.fatal({ err: error }, 'stopping: a part of this service failed for good');
    process.exit(1);
  };
  process.on('unhandledRejection', die);
  process.on('uncaughtException', die);

  offerGauges(platform.database, [...PLATFORM_GAUGES, ...(definition.gauges ?? [])]);
  const app = await createApp(definition, platform);
  await app.listen(config.port, config.host);
  const internal = definition.internalPort === undefined ? null : await listenInternally(app, definition.internalPort, config.host);
  await app.startAllMicroservices();
  platform.logger.info({ port: config.port, internalPort: definition.internalPort }, `${name} started`);

  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    drain(signal, app, internal, platform).then(() => process.exit(0), die);
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
}

async function createApp<C extends ServiceConfig>(definition: ServiceDefinition<C>, platform: OwnedPlatform): Promise<NestFastifyApplication> {
  const { config, internalPort } = definition;
  const adapter = new FastifyAdapter({ forceCloseConnections: 'idle' });
  closeAfterAnswer(adapter.getInstance(), platform);
  const app = await NestFactory.create<NestFastifyApplication>(await definition.module(platform, config), adapter, {
    logger: new NestLogger(platform.logger),
    bodyParser: definition.bodies === undefined,
    abortOnError: false,
  });
  definition.bodies?.(adapter.getInstance());
  openDoors(adapter.getInstance(), platform, { token: config.internalToken, ...(internalPort !== undefined && { internalPort }) });
  app.connectMicroservice({ strategy: platform.server });
  return app;
}

/** While draining: a connection that the client keeps alive after its answer would hold up the end until the drain's limit. */
function closeAfterAnswer(fastify: FastifyInstance, { health }: Platform): void {
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (health.draining) void reply.header('connection', 'close');
    done();
  });
}

/** The same routes behind a second port: the guard lets /internal through on this one alone. */
async function listenInternally(app: NestFastifyApplication, port: number, host: string): Promise<Server> {
  const fastify = app.getHttpAdapter().getInstance();
  const server = createServer((request, response) => fastify.routing(request, response));
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  return server;
}

/** Unready first, then no new requests and batches, then what is in flight, then what waits in the outbox. */
async function drain(signal: string, app: NestFastifyApplication, internal: Server | null, platform: OwnedPlatform): Promise<void> {
  platform.logger.info({ signal }, 'draining');
  platform.health.drain();
  setTimeout(() => {
    platform.logger.error({}, 'drain took too long; what is unfinished will be redelivered');
    process.exit(1);
  }, DRAIN_LIMIT_MS).unref();
  await Promise.all([app.close(), internal && new Promise((resolve) => internal.close(resolve))]);
  await platform.stop();
}
