import type { Provider } from '@nestjs/common';
import type { VenueCapabilities } from '@sluice/connector-rules';
import { Database } from '@sluice/postgres';
import { type Logger, processTime } from '@sluice/runtime';
import {
  CONFIG,
  LOGGER,
  Permits,
  permitsCheck,
  type PermitSettings,
  SelfChecks,
} from '@sluice/service-shell';
import { VENUE_CAPABILITIES } from '../tokens/tokens.js';

/** The auditor's permits of this connector's venue; the self-check reports advisory permits. */
export const PERMITS: Provider = {
  provide: Permits,
  useFactory: (
    { venue }: VenueCapabilities,
    settings: PermitSettings,
    { clock }: Database,
    logger: Logger,
    checks: SelfChecks,
  ) => {
    const clocks = () => [processTime().getTime(), clock.now().getTime()];
    const permits = new Permits({ venue, settings, clocks, logger });
    checks.add(permitsCheck(permits));
    return permits;
  },
  inject: [VENUE_CAPABILITIES, CONFIG, Database, LOGGER, SelfChecks],
};
