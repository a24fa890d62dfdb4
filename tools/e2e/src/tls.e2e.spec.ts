import { kafkaAccessOf } from '@sluice/stack';
import { setTimeout as sleep } from 'node:timers/promises';
import { kafkaClient, withClient } from '@sluice/test-servers';
import { numberOf, toAddress, type Customer } from './testkit/customer.js';
import { TestSystem } from './testkit/given-system.js';

describe('a system in which everything speaks TLS', () => {
  let sluice: TestSystem;
  let customer: Customer;
  beforeAll(async () => {
    sluice = await TestSystem.startWith({ tls: true });
    customer = await sluice.customer({
      funds: '1000',
      permissions: ['withdraw', 'read_balance', 'manage_webhooks'],
    });
  });
  afterAll(() => sluice.stop());

  it('pays, and its books are proven', async () => {
    const posted = await customer.post(toAddress());
    await customer.reaches(numberOf(posted), ['completed']);

    await sluice.proveBooks();
    expect(await sluice.venue.payments()).toHaveLength(1);
  });

  it('asks its own services: for balances, and for webhooks', async () => {
    expect(await customer.balance()).toBeDefined();
    expect(await customer.api.send({ target: '/v1/webhooks' })).toMatchObject({ status: 200 });
  });

  it('answers no plain-text request, at any port', async () => {
    const { run } = sluice.system;
    const urls = [run.intake_url, ...Object.values(run.internal)];

    for (const url of urls)
      await expect(fetch(`${url.replace('https:', 'http:')}/healthz`)).rejects.toThrow();
    for (const url of Object.values(run.databases))
      await expect(
        withClient(url.replace(/\?.*/, ''), (client) => client.query('SELECT 1')),
      ).rejects.toThrow('no encryption');
    const { ca: _, ...plain } = kafkaAccessOf(sluice.system.run);
    const admin = kafkaClient(plain).admin();
    await expect(Promise.race([admin.connect(), sleep(5_000, 'silence')])).rejects.toThrow();
  });
});
