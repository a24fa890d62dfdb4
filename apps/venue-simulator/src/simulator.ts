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
import { keptCertificate } from './tls/kept-certificate.js';
import { VENUES } from './venues.js';

export interface Simulator {
  readonly url: string;
  /** The file of the certificate that clients have to believe; null over plain HTTP. */
  readonly certificate: string | null;
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
  tls,
  keys,
}: SimulatorConfig): Promise<Simulator> {
  const open = VENUES[venue];
  if (!open) throw new Error(`no such venue: ${venue}`);
  const unlock = lockFolder(data);
  const simulation = open({ data, machineTime: Date.now });
  const certificate = tls === null ? null : keptCertificate(tls, hostsOf(host), new Date());
  const adapter = new FastifyAdapter({
    forceCloseConnections: true,
    ...(certificate && { https: { cert: certificate.certificate, key: certificate.key } }),
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    SimulatorModule.of(venue, simulation),
    adapter,
    { logger: LEVELS },
  );
  tellVenueTime(adapter.getInstance(), simulation);
  mountVenue(adapter.getInstance(), simulation);
  const stop = async (): Promise<void> => {
    await app.close();
    simulation.close();
    unlock();
  };
  const fault = keyFault(simulation, keys) ?? (await listenFault(app, port, host));
  if (fault === null)
    return { url: await app.getUrl(), certificate: certificate?.file ?? null, stop };
  await stop();
  throw new CannotStart(fault);
}

/** What clients call this machine, and what it was told to listen on. */
function hostsOf(host: string): readonly string[] {
  return [...new Set(['localhost', '127.0.0.1', host])].filter(
    (one) => one !== '0.0.0.0' && one !== '::',
  );
}

function keyFault({ keys }: VenueSimulation, brought: readonly unknown[]): string | null {
  for (const key of brought) {
    const taken = keys.bring(key);
    if (!taken.ok) return `--keys: ${taken.refusal}`;
  }
  return null;
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

/** `Date` of every answer is the venue's time, as all its times are. */
function tellVenueTime(app: FastifyInstance, { clock }: VenueSimulation): void {
  app.addHook('onSend', (_request, reply, _payload, done) => {
    void reply.header('date', new Date(clock.now()).toUTCString());
    done();
  });
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
