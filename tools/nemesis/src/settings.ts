import type { Environment } from '@sluice/stack';

/** A venue that says no and pays is found out only once it lists the payment: listings lag by up to 30 s here. */
const REFUSAL_LOOKUP_AFTER_MS = '32000';

/** Times short enough for a run of minutes; the order between them is that of production. */
export const SHORT: { readonly common: Environment; readonly connector: Environment } = {
  /** Not shorter: on a busy machine a group would do nothing but gather itself anew. */
  common: { KAFKA_SESSION_MS: '8000' },
  connector: {
    SUBMIT_TIMEOUT_MS: '3000',
    POLL_INTERVAL_MS: '300',
    HALT_MS: '2000',
    REFUSAL_LOOKUP_AFTER_MS,
  },
};

/**
 * How soon silence may count as absence: as long as the venue may act on a request, which here is as long as it takes to arrive. Only
 * where nothing arrives late.
 */
export function hasty(ms: number): Environment {
  return { ABSENCE_AFTER_MS: String(ms), HONOURED_FOR_MS: String(ms) };
}
