import { setTimeout as sleep } from 'node:timers/promises';
import { PermitWatch } from '@sluice/connector-engine';
import { benchFor, type TestConnector } from '@sluice/connector-testing';
import { PermitKeys, PermitSigningKey } from '@sluice/signing';
import { eventually } from '@sluice/test-kit';
import { GATEIO_KIT } from './testing/gateio-kit.js';
import { chainOrder } from './testing/orders.js';

const bench = benchFor(GATEIO_KIT);
const KEY = PermitSigningKey.parse(Buffer.alloc(32, 1).toString('base64'));
const REQUIRED = {
  auditorPermits: 'required',
  auditorPublicKeys: new PermitKeys([KEY.publicKey]),
} as const;

function permit(number: number, granted: boolean, lifeMs = 120_000): string {
  const issuedAt = new Date();
  const expiresAt = new Date(Date.now() + lifeMs);
  const withheld = { assets: [], accounts: [] };
  return KEY.sign({ venue: 'gateio', number, issuedAt, expiresAt, granted, withheld });
}

async function isSettled(connector: TestConnector, withdrawalId: string): Promise<void> {
  await eventually(async () =>
    expect(await connector.submission(withdrawalId)).toMatchObject({ state: 'settled' }),
  );
}

const paid = async () => (await bench.simulator.payments()).length;

describe('a connector that needs permits of the auditor', () => {
  it('sends nothing before the first permit and after its end, and follows sent payments meanwhile', async () => {
    const connector = await bench.connector(REQUIRED);
    const watch = connector.app.get(PermitWatch);
    const [first, second] = [chainOrder('11'), chainOrder('12')];
    await connector.submit([first]);
    await sleep(2_000);
    expect(await paid()).toBe(0);

    await bench.simulator.settings({ status_ms: 2_000 });
    await watch.learn([permit(1, true, 2_500)]);
    await eventually(async () => expect(await paid()).toBe(1));
    await sleep(2_500);
    await connector.submit([second]);
    await isSettled(connector, first.withdrawalId);
    expect(await connector.submission(second.withdrawalId)).toMatchObject({ state: 'prepared' });
    expect(await paid()).toBe(1);

    await watch.learn([permit(2, true)]);
    await isSettled(connector, second.withdrawalId);
    expect(await paid()).toBe(2);
  });

  it('sends no request if the permit was withdrawn after the claim, and sends the order later', async () => {
    const connector = await bench.connector(REQUIRED);
    const watch = connector.app.get(PermitWatch);
    await watch.learn([permit(1, true)]);
    const atClaim = watch.parameter;
    await watch.learn([permit(2, false)]);
    Object.defineProperty(watch, 'parameter', { configurable: true, get: () => atClaim });
    const order = chainOrder('13');
    await connector.submit([order]);

    await eventually(async () => {
      // A look of the watch that began before permit 2 arrived may store permit 2 again.
      await connector.database.query(`UPDATE auditor_permit SET number = 1 WHERE number > 1`);
      const [row] = await connector.database.query<{ cause: string }>('SELECT cause FROM attempt');
      expect(row?.cause).toContain('has withdrawn');
    });
    expect(await paid()).toBe(0);

    Reflect.deleteProperty(watch, 'parameter');
    await watch.learn([permit(3, true)]);
    await isSettled(connector, order.withdrawalId);
    expect(await paid()).toBe(1);
  });
});
