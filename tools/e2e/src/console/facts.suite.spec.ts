import type { CreatedWebhookDto } from '@sluice/http-api';
import { freshTimestamp, WebhookReceiver } from '@sluice/stack';
import { eventually } from '@sluice/test-kit';
import { numberOf, toAddress, type Customer } from '../testkit/customer.js';
import type { Person } from './testkit/browser.js';
import { describeInBrowser } from './testkit/find-chromium.js';
import { sharedConsole, type GivenConsole } from './testkit/given-console.js';

const PERMISSIONS = ['withdraw', 'read_withdrawal_status', 'manage_webhooks'] as const;
const WEBHOOK = {
  events: ['withdrawal.broadcasted', 'withdrawal.confirmed'],
  description: 'facts',
};
/** Lags are measured every 10 or 15 seconds. */
const MEASURED = { withinMs: 30_000 };

describeInBrowser('facts of the services in the console', (chromium) => {
  let given: GivenConsole;
  let receiver: WebhookReceiver;
  let customer: Customer;
  let reader: Person;
  beforeAll(async () => {
    given = await sharedConsole.start(chromium);
    receiver = await WebhookReceiver.start();
    customer = await given.sluice.customer({ funds: '1000', permissions: PERMISSIONS });
    reader = await given.person('audrey');
  });
  afterEach(() => expect(reader.takeFaults()).toEqual([]));
  afterAll(() => receiver?.stop());

  const table = (name: string) => reader.page.getByRole('region', { name: `Table: ${name}` });
  const textOf = async (name: string) => (await table(name).textContent()) ?? '';

  it('are the webhook deliveries of one withdrawal, with endpoint, state and last answer', async () => {
    const { text } = await customer.api.send({
      method: 'POST',
      target: '/v1/webhooks',
      timestamp: freshTimestamp(),
      body: JSON.stringify({ ...WEBHOOK, url: receiver.url }),
    });
    receiver.trust((JSON.parse(text) as { readonly data: CreatedWebhookDto }).data.secret);
    const [number, other] = [await paid(), await paid()];
    const deliveries = async () =>
      (await given.sluice.admin.webhooks.withdrawalDeliveries({ withdrawal_id: `${number}` })).data;
    await eventually(async () =>
      expect(await deliveries()).toMatchObject(
        WEBHOOK.events.map(() => ({ status: 'delivered', last_http_status: 200 })),
      ),
    );

    await reader.open(`/withdrawals/${number}`);
    await table('Webhook deliveries').waitFor();

    const shown = await textOf('Webhook deliveries');
    for (const { id, event, url } of await deliveries())
      for (const fact of [`${id}`, event, url, 'delivered', 'status 200'])
        expect(shown).toContain(fact);
    const sent = receiver.received.filter(({ data }) => data['withdrawal_id'] === other);
    for (const { id } of sent) expect(shown).not.toContain(`${id}`);

    async function paid(): Promise<number> {
      const one = numberOf(await customer.post(toAddress()));
      await customer.reaches(one, ['completed']);
      return one;
    }
  });

  it('are the messages that wait for each service that reads a topic', async () => {
    const page = await reader.open('/system?service=ledger');
    await table('Services').waitFor();

    for (const service of ['ledger', 'intake-api', 'webhooks', 'auditor', 'connector-gateio'])
      await eventually(async () => {
        const row = page.getByRole('row').filter({
          has: page.getByRole('rowheader', { name: service, exact: true }),
        });
        expect(await row.getByRole('cell').nth(2).textContent()).toMatch(/^\d+$/);
      }, MEASURED);
    const { topics } = await given.sluice.admin.ledger.consumption();
    expect(topics.length).toBeGreaterThan(0);
    for (const { topic } of topics) expect(await textOf('Topics of ledger')).toContain(topic);
  });

  it('are the accounts of the firm that the ledger names, and no others', async () => {
    await reader.open('/ledger');
    const accounts = table('Our own accounts');
    await accounts.waitFor();

    const named = (await given.sluice.admin.ledger.houseAccounts()).map(({ account }) => account);
    expect(named).toContain('clearing:gateio');
    expect(await accounts.getByRole('rowheader').allTextContents()).toEqual(named);
  });
});
