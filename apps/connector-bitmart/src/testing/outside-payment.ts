import { VenueClock, VenueHttp, type Logger } from '@sluice/connector-engine';
import type { SimulatorControl } from '@sluice/test-kit';
import { BitmartClient } from '../venue/bitmart.client.js';

const nothing = (): void => undefined;
const SILENT: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** A withdrawal that somebody makes with the same account, past the connector: by hand, or from another system. */
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
    apiSecret: String(apiSecret),
    memo: String(memo),
    prefix: '',
  };
  const client = new BitmartClient(
    http,
    clock,
    { ...access, submitTimeoutMs: 5_000, readTimeoutMs: 5_000 },
    () => Promise.resolve(),
  );
  await client.readClock();
  const answer = await client.apply(body);
  await http.close();
  if (answer.kind !== 'answer' || answer.status !== 200)
    throw new Error(`the outside payment was not taken: ${JSON.stringify(answer)}`);
}
