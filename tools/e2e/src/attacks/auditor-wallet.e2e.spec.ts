import { transferCalldata } from '@sluice/evm';
import { eventually } from '@sluice/test-kit';
import { upgradeToken } from '@sluice/test-servers/evm';
import { getAddress, parseGwei, type Address } from 'viem';
import { numberOf, recipientOf, toAddress, type Customer } from '../testkit/customer.js';
import { TestSystem } from '../testkit/given-system.js';

const THIEF = getAddress('0x1111111111111111111111111111111111111111');
const MINUTE = { withinMs: 60_000, everyMs: 250 };
const DOLLAR = 1_000_000n;

describe('attacks on our own wallet beside an auditor', () => {
  let sluice: TestSystem;
  let customer: Customer;
  beforeAll(async () => {
    sluice = await TestSystem.start('wallet');
    customer = await sluice.customer();
  });
  afterAll(() => sluice.stop());

  const findings = () => sluice.admin.auditor.findings();

  const token = () => sluice.system.run.chains?.ETH.tokens['USDT'] as Address;

  /** An address of the wallet that signs everything. */
  async function ownAddress(): Promise<Address> {
    const { chain, hotWallets } = sluice.chainBooks.ETH;
    const [from] = hotWallets;
    if (!from) throw new Error('the wallet has no address');
    await chain.client.impersonateAccount({ address: from });
    return from;
  }

  /** Pays as connector-evm would with every key of the wallet, and beside its database. */
  async function pays(to: Address, dollars: bigint): Promise<void> {
    const { chain } = sluice.chainBooks.ETH;
    const from = await ownAddress();
    const data = transferCalldata({ to, amount: dollars * DOLLAR });
    await chain.client.sendTransaction({ account: from, to: token(), data, gas: 100_000n });
  }

  /** Waits for the finding, and prints the time since the payment and the money that moved. */
  async function isFound(attack: string, moved: string, expected: object): Promise<void> {
    const sinceMs = Date.now();
    await eventually(
      async () => expect(await findings()).toContainEqual(expect.objectContaining(expected)),
      MINUTE,
    );
    const seconds = (Date.now() - sinceMs) / 1000;
    process.stderr.write(`${attack}: ${moved} moved, found after ${seconds.toFixed(1)} s\n`);
    expect(seconds).toBeLessThan(60);
  }

  it('pays customers from the wallet, and the auditor finds nothing', async () => {
    const answered = await customer.post(toAddress({ venue: 'wallet', amount: '20' }));
    await customer.isFinal(numberOf(answered), 60_000);
    await new Promise((resolve) => setTimeout(resolve, 45_000));

    expect(await findings()).toEqual([]);
  });

  it('pays one order twice on the chain: the auditor finds the second payment', async () => {
    const body = toAddress({ venue: 'wallet', amount: '30' });
    const answered = await customer.post(body);
    await customer.isFinal(numberOf(answered), 60_000);
    await pays(getAddress(recipientOf(body)), 30n);

    await isFound('an order paid twice on the chain', '30 USDT', {
      kind: 'paid_twice',
      scope: 'venue',
      target: 'wallet',
    });
  });

  it('pays a thief from the wallet: the auditor finds a payment without an order', async () => {
    await pays(THIEF, 500n);

    await isFound('a theft from the wallet', '500 USDT', {
      kind: 'payment_without_order',
      scope: 'venue',
      target: 'wallet',
    });
  });

  it('burns coins as gas: the auditor finds the price of the transaction', async () => {
    const from = await ownAddress();
    const fees = { maxFeePerGas: parseGwei('5000'), maxPriorityFeePerGas: parseGwei('4000') };
    const { client } = sluice.chainBooks.ETH.chain;
    await client.sendTransaction({ account: from, to: from, value: 0n, gas: 21_000n, ...fees });

    await isFound('burned gas', '0.084 ETH', {
      kind: 'gas_above_limit',
      scope: 'venue',
      target: 'wallet',
    });
  });

  it('moves a token that logs nothing: the auditor finds the missing coins', async () => {
    await upgradeToken(sluice.chainBooks.ETH.chain, token(), 'mute', 6);
    await pays(THIEF, 700n);

    await isFound('a theft without an event', '700 USDT', {
      kind: 'balance_apart',
      scope: 'venue',
      target: 'wallet',
      evidence: expect.objectContaining({ network: 'ETH', missing: '700' }) as unknown,
    });
  });
});
