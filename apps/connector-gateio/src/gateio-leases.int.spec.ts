import { setTimeout as sleep } from 'node:timers/promises';
import { RatePlan, VenueHttp } from '@sluice/connector-engine';
import { benchFor, type TestConnector } from '@sluice/connector-testing';
import { monotonicMs, Secret } from '@sluice/runtime';
import { Health } from '@sluice/service-shell';
import { eventually } from '@sluice/test-kit';
import { GATEIO_KIT, WIDE_PLAN } from './testing/gateio-kit.js';
import { GateioClient } from './venue/gateio.client.js';

const bench = benchFor(GATEIO_KIT);
const EVERY_MS = 5_000;
/** A deviating balance is read again after this pause. */
const DOUBT_MS = 5_000;
const PATIENCE = { withinMs: 40_000 };
const CLOCK = { earliest: () => new Date(), observe: () => undefined };

/** A payment by the key of the venue account, not by the connector. */
async function steal({ database }: TestConnector): Promise<void> {
  const { api_key: apiKey, api_secret: apiSecret } = await bench.simulator.credentials();
  const http = new VenueHttp({ clock: CLOCK, origin: bench.simulator.url, connections: 1 });
  const access = {
    apiKey: String(apiKey),
    apiSecret: new Secret(String(apiSecret)),
    baseUrl: `${bench.simulator.url}/api/v4`,
    submitTimeoutMs: 5_000,
  };
  const client = new GateioClient(http, CLOCK, access, new RatePlan(database, WIDE_PLAN));
  const body = '{"receive_uid":12345678,"currency":"USDT","amount":"50000"}';
  expect(await client.push(body)).toMatchObject({ status: 200 });
  await http.close();
}

async function report(health: Health): Promise<Record<string, string | null>> {
  const results = await Promise.all(health.indicators().map((indicator) => indicator()));
  const checks = results.flatMap((result) => result['checks'] ?? []);
  return checks[0]?.['lastCompleted'] as Record<string, string | null>;
}

describe('a connector whose database login was stolen together with the key of the venue', () => {
  it('notices a theft within two intervals while the leases of both checks name another owner', async () => {
    const connector = await bench.connector({ recordIntervalMs: EVERY_MS });
    await eventually(async () => {
      const [read] = await connector.database.query(
        `SELECT FROM venue_balance, (SELECT count(*) AS forms FROM record_cursor) c WHERE c.forms = 2 LIMIT 1`,
      );
      expect(read).toBeDefined();
    }, PATIENCE);
    await connector.service.query(
      `INSERT INTO worker_lease (name, owner, until) VALUES ('record', 'x', '2036-01-01'), ('balances', 'x', '2036-01-01')
       ON CONFLICT (name) DO UPDATE SET owner = EXCLUDED.owner, until = EXCLUDED.until`,
    );
    await sleep(1_100); // Gate's times are whole seconds

    const begunAt = monotonicMs();
    const [planted] = await connector.database.query<{ at: Date }>(
      'SELECT clock_timestamp() AS at',
    );
    await steal(connector);
    const after = async (sql: string) => {
      await eventually(
        async () => expect(await connector.database.query(sql, [planted?.at])).not.toHaveLength(0),
        PATIENCE,
      );
      return monotonicMs() - begunAt;
    };
    const [orphanMs, balancesMs] = await Promise.all([
      after(`SELECT FROM break WHERE kind = 'orphan' AND opened_at > $1`),
      after('SELECT FROM venue_balance WHERE read_at > $1'),
    ]);

    process.stdout.write(
      `the theft was noticed after ${orphanMs} ms, the balances were read after ${balancesMs} ms\n`,
    );
    expect(orphanMs).toBeLessThan(2 * EVERY_MS);
    expect(balancesMs).toBeLessThan(2 * EVERY_MS + DOUBT_MS);
    expect(
      await connector.database.query('SELECT owner FROM worker_lease WHERE owner = $1', ['x']),
    ).toHaveLength(2);
    expect(await report(connector.app.get(Health))).toMatchObject({
      'venue record': expect.any(String) as string,
      'venue balances': expect.any(String) as string,
      heartbeat: expect.any(String) as string,
    });
  });
});
