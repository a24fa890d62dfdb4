import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { SimulatorConfig } from './config.js';
import type { VenueSimulation } from './sim/venue-simulation.js';
import { SimulatorModule } from './simulator.module.js';
import { VENUES } from './venues.js';

export interface Simulator {
  readonly url: string;
  /** Cuts every connection, answered or not. */
  stop(): Promise<void>;
}

/** Serves one venue and its control API. */
export async function startSimulator({ venue, host, port, data }: SimulatorConfig): Promise<Simulator> {
  const simulation = VENUES[venue]?.({ data, clock: Date.now });
  if (!simulation) throw new Error(`no such venue: ${venue}`);
  const adapter = new FastifyAdapter({ forceCloseConnections: true });
  const app = await NestFactory.create<NestFastifyApplication>(SimulatorModule.of(venue, simulation), adapter, { logger: ['error', 'warn'] });
  mountVenue(adapter.getInstance(), simulation);
  await app.listen(port, host);

  return {
    url: await app.getUrl(),
    stop: async () => {
      await app.close();
      simulation.close();
    },
  };
}

/** In a scope of its own, where bodies stay the raw bytes that were signed. */
function mountVenue(app: FastifyInstance, simulation: VenueSimulation): void {
  void app.register(
    async (api: FastifyInstance) => {
      api.removeAllContentTypeParsers();
      api.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
      simulation.mount(api);
    },
    { prefix: simulation.basePath },
  );
}
