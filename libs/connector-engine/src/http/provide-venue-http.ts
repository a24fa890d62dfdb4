import type { Provider } from '@nestjs/common';
import { outgoingProxyOf, type ProxySettings } from '@sluice/runtime';
import { CONFIG } from '@sluice/service-shell';
import { VenueClock } from '../clock/venue-clock.js';
import { VenueHttp } from './venue-http.js';
import { VenuePauses } from './venue-pauses.js';

/** The configuration of a connector has a `baseUrl` if its venue is reached by HTTP. */
interface HttpSettings extends ProxySettings {
  readonly baseUrl?: string | undefined;
  readonly concurrency: number;
}

/** Spare connections for reads; every submit has a connection. */
const SPARE_CONNECTIONS = 4;

/** The HTTP client of this connector's venue, with a connection for each concurrent submit. */
export const VENUE_HTTP: Provider = {
  provide: VenueHttp,
  useFactory: (
    { baseUrl, concurrency, ...proxy }: HttpSettings,
    clock: VenueClock,
    pauses: VenuePauses,
  ) => {
    if (baseUrl === undefined) throw new Error('a venue that is reached by HTTP needs its baseUrl');
    return new VenueHttp({
      clock,
      pauses,
      origin: new URL(baseUrl).origin,
      connections: concurrency + SPARE_CONNECTIONS,
      proxy: outgoingProxyOf(proxy),
    });
  },
  inject: [CONFIG, VenueClock, VenuePauses],
};
