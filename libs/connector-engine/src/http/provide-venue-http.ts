import type { Provider } from '@nestjs/common';
import { outgoingProxyOf } from '@sluice/runtime';
import { CONFIG } from '@sluice/service-shell';
import { VenueClock } from '../clock/venue-clock.js';
import type { ConnectorConfig } from '../config.js';
import { VenueHttp } from './venue-http.js';

/** Spare connections for reads; every submit has a connection. */
const SPARE_CONNECTIONS = 4;

export const VENUE_HTTP: Provider = {
  provide: VenueHttp,
  useFactory: ({ baseUrl, concurrency, ...config }: ConnectorConfig, clock: VenueClock) => {
    if (baseUrl === undefined) throw new Error('a venue that is reached by HTTP needs its baseUrl');
    return new VenueHttp({
      clock,
      origin: new URL(baseUrl).origin,
      connections: concurrency + SPARE_CONNECTIONS,
      proxy: outgoingProxyOf(config),
    });
  },
  inject: [CONFIG, VenueClock],
};
