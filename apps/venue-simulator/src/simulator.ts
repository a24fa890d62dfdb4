import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { LogLevel } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { CannotStart } from './cannot-start.js';
import type { SimulatorConfig } from './config.js';
import { lockFolder } from './sim/folder-lock.js';
import type { VenueSimulation } from './sim/venue-simulation.js';
import { SimulatorModule } from './simulator.module.js';
import { VENUES } from './venues.js';

export interface Simulator {
  readonly url: string;
  /** Cuts every connection, answered or not. */
  stop(): Promise<void>;
}

const LEVELS: LogLevel[] = ['error', 'warn'];

/** Serves one venue and its control API. Throws `CannotStart` when its port or its folder is taken. */
export async function startSimulator({
  venue,
  host,
  port,
  data,
}: SimulatorConfig): Promise<Simulator> {
  const open = VENUES[venue];
  if (!open) throw new Error(`no such venue: ${venue}`);
  const unlock = lockFolder(data);
  const simulation = open({ data, clock: Date.now });
  const adapter = new FastifyAdapter({ forceCloseConnections: true });
  const app = await NestFactory.create<NestFastifyApplication>(
    SimulatorModule.of(venue, simulation),
    adapter,
    { logger: LEVELS },
  );
  mountVenue(adapter.getInstance(), simulation);
  const stop = async (): Promise<void> => {
    await app.close();
    simulation.close();
    unlock();
  };
  const fault = await listenFault(app, port, host);
  if (fault === null) return { url: await app.getUrl(), stop };
  await stop();
  throw new CannotStart(fault);
}

/** Null once it listens. Our error message is clearer than the one that Nest would log. */
async function listenFault(
  app: NestFastifyApplication,
  port: number,
  host: string,
): Promise<string | null> {
  app.useLogger(false);
  try {
    await app.listen(port, host);
    return null;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'EADDRINUSE'
      ? `port ${port} of ${host} is taken: choose another one with --port N, or 0 for any free one`
      : message;
  } finally {
    app.useLogger(LEVELS);
  }
}

/** In a scope of its own, where bodies stay the raw bytes that were signed. */
function mountVenue(app: FastifyInstance, simulation: VenueSimulation): void {
  void app.register(
    async (api: FastifyInstance) => {
      api.removeAllContentTypeParsers();
      api.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
        done(null, body),
      );
      simulation.mount(api);
    },
    { prefix: simulation.basePath },
  );
}
