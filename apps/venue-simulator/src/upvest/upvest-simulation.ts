import { openVenue } from '../sim/open-venue.js';
import { RateLimiter } from '../sim/rate-limiter.js';
import type { SimulationOptions, VenueSimulation } from '../sim/venue-simulation.js';
import { mountUpvest } from './upvest-api.js';
import { NonceBook } from './upvest-auth.js';
import { PASSING_STATUSES, UPVEST_STATUS_SCRIPTS } from './upvest-status-scripts.js';
import { UPVEST_ENDPOINTS } from './upvest-endpoints.js';
import { CLIENTS, USERS, WEBHOOK_KEY, type OwnClient } from './upvest-identities.js';
import { KEY_TERMS } from './upvest-keys.js';
import { checkSettings, DEFAULT_SETTINGS } from './upvest-settings.js';
import { TokenBook } from './upvest-tokens.js';
import { WebhookSender } from './upvest-webhook-sender.js';

const TERMS = {
  statusScripts: UPVEST_STATUS_SCRIPTS,
  endpoints: UPVEST_ENDPOINTS,
  settings: DEFAULT_SETTINGS,
  keys: KEY_TERMS,
  checkSettings,
  passingStatuses: PASSING_STATUSES,
};

/** Opens the simulated Upvest of a folder in the last saved state. */
export function openUpvest(options: SimulationOptions): VenueSimulation {
  const { state, controls, beforeEach } = openVenue(options, TERMS);
  const [limiter, nonces, tokens] = [new RateLimiter(), new NonceBook(), new TokenBook()];
  const webhooks = new WebhookSender(state.book, state.settings, state.clock);
  beforeEach((fact) => fact.t === 'settings' && webhooks.notice()); // a webhook is enabled by a setting
  return {
    ...controls,
    basePath: '',
    mount: (app) =>
      mountUpvest(app, {
        state: { ...state, tokens },
        faults: controls.faults,
        limiter,
        nonces,
      }),
    credentials,
    rateLimited: () => limiter.refusals(),
    reset: () => {
      const { token_generation: generation } = state.settings();
      controls.reset();
      tokens.carryOver(generation, state.settings().token_generation);
      for (const memory of [limiter, nonces, webhooks]) memory.reset();
    },
    close: () => {
      webhooks.close();
      controls.close();
    },
  };
}

function credentials(): Readonly<Record<string, unknown>> {
  const [main, ...others] = CLIENTS.map(shown);
  const webhookPublicKey = WEBHOOK_KEY.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return {
    ...main,
    ...USERS[0],
    other_users: USERS.slice(1),
    other_clients: others,
    webhook_key_id: WEBHOOK_KEY.key_id,
    webhook_public_key: webhookPublicKey,
  };
}

function shown({ name, client_id, client_secret, scopes, keys }: OwnClient): object {
  const [main, ...others] = keys.map(({ key_id, privateKeyPem }) => ({
    key_id,
    private_key: privateKeyPem,
  }));
  return { name, client_id, client_secret, ...main, scopes, other_keys: others };
}
