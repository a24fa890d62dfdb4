import 'reflect-metadata';
import { type DynamicModule, type LogLevel, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { SimulatorConfig } from './config.js';
import { ControlController, SIMULATION, VENUE_NAME } from './control.controller.js';
import { CannotStart, lockFolder } from './sim/facts.js';
import type { VenueSimulation } from './sim/open-venue.js';
import { keptCertificate } from './certificate.js';
import { VENUES } from './venues.js';

export interface Simulator {
  readonly url: string;
  /** Certificate file for clients to trust; null over plain HTTP. */
  readonly certificate: string | null;
  /** Cuts every connection, answered or not. */
  stop(): Promise<void>;
}

const LEVELS: LogLevel[] = ['error', 'warn'];

/** Serves a venue and the control API. Throws `CannotStart` if the port or the folder is in use. */
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

/** Returns the names of this machine used by clients, and the listening address. */
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

/** Null after the start of listening, otherwise an error message. */
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
      ? `port ${port} of ${host} is taken: choose another port with --port N, or 0 for any free port`
      : message;
  } finally {
    app.useLogger(LEVELS);
  }
}

/** Sets the `Date` header of every answer to the venue's time, the same as all other times. */
function tellVenueTime(app: FastifyInstance, { clock }: VenueSimulation): void {
  app.addHook('onSend', (_request, reply, _payload, done) => {
    void reply.header('date', new Date(clock.now()).toUTCString());
    done();
  });
}

/** Mounts the venue in a separate scope: bodies stay raw bytes for signature checks. */
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

@Module({})
class SimulatorModule {
  static of(venue: string, simulation: VenueSimulation): DynamicModule {
    return {
      module: SimulatorModule,
      controllers: [ControlController],
      providers: [
        { provide: VENUE_NAME, useValue: venue },
        { provide: SIMULATION, useValue: simulation },
      ],
    };
  }
}
