import { VenueClock, VenueHttp, type Logger } from '@sluice/connector-engine';
import { Secret } from '@sluice/runtime';
import type { SimulatorControl } from '@sluice/test-kit';
import { BitmartClient } from '../venue/bitmart.client.js';

const nothing = (): void => undefined;
const SILENT: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/**
 * Makes a withdrawal with the same account, bypassing the connector, like a manual payment or
 * another system.
 */
export async function payOutside(simulator: SimulatorControl, body: string): Promise<void> {
  const {
    api_key: apiKey,
    api_secret: apiSecret,
    memo,
    base_url: baseUrl,
  } = await simulator.credentials();
  const clock = new VenueClock('bitmart', SILENT);
  const http = new VenueHttp({ clock, origin: String(baseUrl), connections: 1 });
  const access = {
    apiKey: String(apiKey),
    apiSecret: new Secret(String(apiSecret)),
    memo: new Secret(String(memo)),
    baseUrl: String(baseUrl),
    submitTimeoutMs: 5_000,
  };
  const client = new BitmartClient(http, clock, access, { turn: () => Promise.resolve() });
  await client.readClock();
  const answer = await client.apply(body);
  await http.close();
  if (answer.kind !== 'answer' || answer.status !== 200)
    throw new Error(`the outside payment was not taken: ${JSON.stringify(answer)}`);
}
