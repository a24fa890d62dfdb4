import { Accounts } from '../sim/accounts.js';
import { isPlainObject } from '../sim/check.js';
import { FactLog } from '../sim/fact-log.js';
import type { RecordFact } from '../sim/facts.js';
import { FaultBook } from '../sim/faults.js';
import { PaymentBook } from '../sim/payment-book.js';
import { RateLimiter } from '../sim/rate-limiter.js';
import { Settings } from '../sim/settings.js';
import type { SimulationOptions, VenueSimulation } from '../sim/venue-simulation.js';
import { mountUpvest } from './upvest-api.js';
import { NonceBook } from './upvest-auth.js';
import { UPVEST_COURSES } from './upvest-courses.js';
import { UPVEST_ENDPOINTS } from './upvest-endpoints.js';
import { CLIENTS, USERS, WEBHOOK_KEY, type UpvestClient } from './upvest-identities.js';
import { checkSettings, DEFAULT_SETTINGS, everyStatus, type UpvestSettings } from './upvest-settings.js';
import { TokenBook } from './upvest-tokens.js';
import { WebhookSender } from './upvest-webhook-sender.js';

/** Opens the simulated Upvest of one folder, as it was left. */
export function openUpvest({ data, clock }: SimulationOptions): VenueSimulation {
  const record: RecordFact = (fact) => log.record(fact);
  const settings = new Settings<UpvestSettings>(DEFAULT_SETTINGS, checkSettings, record);
  const book = new PaymentBook(UPVEST_COURSES, () => settings.current.status_ms, clock());
  const accounts = new Accounts(book, DEFAULT_SETTINGS.balances);
  const faults = new FaultBook(Object.fromEntries(Object.entries(UPVEST_ENDPOINTS).map(([name, { kind }]) => [name, kind])), record);
  const log = new FactLog(data, [book, accounts, faults, settings]); // the settings last: until they change, all goes by the old ones
  const [limiter, nonces, tokens] = [new RateLimiter(), new NonceBook(), new TokenBook()];
  log.replay();
  const webhooks = new WebhookSender(book, () => settings.current, clock);

  return {
    basePath: '',
    book,
    faults,
    mount: (app) => mountUpvest(app, { state: { book, accounts, tokens, settings: () => settings.current, record }, faults, limiter, nonces, clock }),
    credentials,
    rateLimited: () => limiter.refusals(),
    settings: () => settings.current,
    changeSettings: (patch) => settings.change(withEveryStatus(patch), clock()),
    reset: () => {
      log.reset();
      for (const state of [limiter, nonces, tokens, webhooks]) state.reset();
    },
    close: () => {
      webhooks.close();
      log.close();
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

function shown({ name, client_id, client_secret, scopes, keys }: UpvestClient): object {
  const [main, ...others] = keys.map(({ key_id, privateKeyPem }) => ({ key_id, private_key: privateKeyPem }));
  return { name, client_id, client_secret, ...main, scopes, other_keys: others };
}

/** `{"status_ms": 50}` stands for every status. */
function withEveryStatus(patch: unknown): unknown {
  return isPlainObject(patch) && typeof patch['status_ms'] === 'number' ? { ...patch, status_ms: everyStatus(patch['status_ms']) } : patch;
}
