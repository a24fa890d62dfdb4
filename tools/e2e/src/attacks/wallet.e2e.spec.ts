import { ServiceCredential } from '@sluice/service-shell';
import { Secret } from '@sluice/runtime';
import type { WireDestination } from '@sluice/kernel';
import { recipientOf, toAddress, type Customer } from '../testkit/customer.js';
import { TestSystem } from '../testkit/given-system.js';
import { SignerClient, type SignatureRequestDto } from '@sluice/signer-api';
import { layoutOf, loadSecrets } from '@sluice/stack';
import { eventually } from '@sluice/test-kit';
import { Foothold } from './testkit/foothold.js';

/** Within what one signature may pay, and more than the wallet has: it waits, and no nonce is leased for it. */
const MORE_THAN_THERE_IS = '900000';

interface Order {
  readonly withdrawal_id: string;
  readonly account_id: string;
  readonly asset: string;
  readonly amount: string;
  readonly fee: string;
  readonly destination: WireDestination;
  readonly client_reference: string;
  readonly digest: string;
  readonly signer_receipt: string;
}

describe('who has everything that the connector of our own wallet has', () => {
  let sluice: TestSystem;
  let customer: Customer;
  let connector: Foothold;
  beforeAll(async () => {
    // without permits: the signer must withstand the attacks by itself
    const settings = { AUDITOR_PERMITS: 'advisory' };
    sluice = await TestSystem.startWith({ more: ['wallet'], settings });
    customer = await sluice.customer();
    await customer.fund('2000000');
    connector = new Foothold(sluice.system, 'connector-evm');
  });
  afterAll(async () => {
    await connector.stop();
    await sluice.stop();
  });

  /** The signer, with the credential of the connector. */
  function signer(): SignerClient {
    const { serviceKeys } = loadSecrets(layoutOf(sluice.system.home).secrets);
    const key = new Secret(serviceKeys['connector-evm']);
    const credential = new ServiceCredential('connector-evm', 'signer', key, () => new Date());
    return new SignerClient({
      service: 'signer',
      baseUrl: sluice.system.run.internal.signer ?? '',
      token: () => credential.token(),
    });
  }

  async function ordered(body: ReturnType<typeof toAddress>): Promise<Order> {
    return eventually(
      async () => {
        const orders = await connector.sql<Order>(
          `SELECT withdrawal_id, account_id, asset, amount::text, fee::text, destination, client_reference, digest, signer_receipt
             FROM submission WHERE signer_receipt IS NOT NULL`,
        );
        const order = orders.find(({ destination }) =>
          JSON.stringify(destination).toLowerCase().includes(recipientOf(body)),
        );
        if (!order) throw new Error('it has not come to the connector yet');
        return order;
      },
      { withinMs: 30_000, everyMs: 100 },
    );
  }

  function payment(order: Order, nonce: number): SignatureRequestDto {
    const { signer_receipt: receipt, ...terms } = order;
    return {
      kind: 'payment',
      network: 'ETH',
      nonce: String(nonce),
      receipt,
      ...terms,
      from: sluice.chainBooks.ETH.hotWallets[0] ?? '',
      gas_limit: '65000',
      max_fee_per_gas: '30000000000',
      max_priority_fee_per_gas: '1000000000',
    };
  }

  it('gets no order signed that was cancelled and given back, with the receipts that are left of them', async () => {
    const bodies = [1, 2].map(() => toAddress({ venue: 'wallet', amount: MORE_THAN_THERE_IS }));
    const orders: Order[] = [];
    for (const body of bodies) {
      const posting = customer.post(body);
      const order = await ordered(body);
      orders.push(order);
      const { number } = await sluice.admin.intake.withdrawal(order.withdrawal_id);
      expect(await customer.cancel(number)).toMatchObject({ status: 200 });
      await posting; // the answer may be that it is still under way
      expect((await customer.isFinal(order.withdrawal_id)).state).toBe('cancelled');
    }

    const answers = await Promise.all(orders.map((order, at) => signer().sign(payment(order, at))));

    expect(answers).toEqual(
      orders.map(
        () => expect.objectContaining({ kind: 'refused', refusal: 'withdrawal_closed' }) as unknown,
      ),
    );
  });
});
