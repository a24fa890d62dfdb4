import { randomUUID } from 'node:crypto';
import { ChainAudit } from '@sluice/connector-evm/audit';
import { parseChains, transferCalldata } from '@sluice/evm';
import { WALLET } from '@sluice/messages';
import { Database, migrate, Outbox, rowsJson, UnitOfWork } from '@sluice/postgres';
import { eventually } from '@sluice/test-kit';
import {
  asOwner,
  asService,
  TEST_LOGIN,
  withTestPostgres,
  type TestPostgres,
} from '@sluice/test-servers';
import {
  deployToken,
  devAccount,
  mint,
  RpcProxy,
  startAnvil,
  type AnvilServer,
} from '@sluice/test-servers/evm';
import { getAddress, parseEther, type Address, type Hex } from 'viem';
import { inSnapshot } from '../checks/in-snapshot.js';
import { runChecks } from '../checks/run-checks.js';
import { ledgerFacts, type FollowedEvent } from '../facts/ledger-facts.js';
import { orderFacts, STORE_ORDERS, type FollowedCommand } from '../facts/order-facts.js';
import { storeLedgerFacts } from '../facts/store-facts.js';
import { AUDITOR_SCHEMA } from '../postgres/schema.js';
import { WalletReader } from './wallet-reader.js';

const CONFIRMATIONS = 3;
const [HOT, TANK, STRANGER] = [devAccount(1), devAccount(2), devAccount(3)];
const SILENT = { info: () => undefined, warn: () => undefined, debug: () => undefined } as never;

/** An address of its own for each payment. */
let addresses = 0;
const anAddress = (): Address =>
  getAddress(`0x${(++addresses + 0xa0000).toString(16).padStart(40, '0')}`);

let postgres: TestPostgres;
let chain: AnvilServer;
let node: RpcProxy;
let token: Address;
let owner: Database;
let service: Database;
let reader: WalletReader;
let audit: ChainAudit;

beforeAll(async () => {
  [postgres, chain] = await Promise.all([withTestPostgres(), startAnvil({ chainId: 31337 })]);
  token = await deployToken(chain, 'silent', 6);
  await mint(chain, token, HOT.address, 1_000_000_000n);
  node = await RpcProxy.to(chain.url);
});
beforeEach(async () => {
  const url = await postgres.createDatabase('auditor');
  await migrate({ url: asOwner(url), login: TEST_LOGIN, schema: AUDITOR_SCHEMA });
  owner = await Database.open({ url, name: 'owner' });
  service = await Database.open({ url: asService(url), name: 'auditor' });
  // payments of the tests before are older than the audit, by the chain's clock
  const { timestamp: last } = await chain.client.getBlock();
  await eventually(async () => {
    await chain.mine(1);
    expect((await chain.client.getBlock()).timestamp).toBeGreaterThan(last);
  });
  const { timestamp } = await chain.client.getBlock();
  await owner.query(
    `UPDATE audit_progress SET started_at = to_timestamp($1), followed_through = now() + interval '1 hour'`,
    [Number(timestamp)],
  );
  audit = new ChainAudit(settings());
  reader = new WalletReader({
    chains: [audit],
    database: service,
    logger: SILENT,
    everyMs: 100,
    onRead: () => undefined,
  });
});
afterEach(async () => {
  node.honest();
  await reader.close();
  await Promise.all([owner.close(), service.close()]);
});
afterAll(async () => {
  await chain.stop();
  await postgres.stop();
});

function settings() {
  const [one] = parseChains(
    JSON.stringify([
      {
        network: 'ETH',
        chainId: 31337,
        rpcUrls: [node.url, chain.url],
        finality: { confirmations: CONFIRMATIONS },
        fees: { maxFeeCapGwei: '500', tipGwei: '1', bumpPercent: 12.5, stuckAfterBlocks: 9 },
        native: { currency: 'ETH' },
        tokens: [{ currency: 'USDT', address: getAddress(token), decimals: 6 }],
        wallets: [
          { address: HOT.address, purpose: 'hot' },
          { address: TANK.address, purpose: 'tank' },
        ],
      },
    ]),
  );
  if (!one) throw new Error('no chain');
  return one;
}

/** Hold and order of a withdrawal, as ledger and intake-api publish them. */
async function ordered(asset: string, amount: string, address: Address): Promise<string> {
  const id = randomUUID();
  const of = { withdrawalId: id, accountId: randomUUID(), asset, amount };
  const time = new Date().toISOString();
  const hold: object = { type: 'ledger.hold-placed.v1', time, data: { ...of, venue: WALLET } };
  await new UnitOfWork(service, 'auditor', new Outbox(service)).run((tx) =>
    storeLedgerFacts(tx, ledgerFacts([hold as FollowedEvent])),
  );
  const order: object = {
    type: 'venue.submit-withdrawal.v1',
    time,
    data: { ...of, destination: { type: 'address', address } },
  };
  await service.query(STORE_ORDERS, [rowsJson(orderFacts(WALLET, [order as FollowedCommand]))]);
  return id;
}

/** A block takes the transaction a moment after the node has answered. */
async function isMined(sent: Promise<Hex>): Promise<void> {
  await chain.client.waitForTransactionReceipt({ hash: await sent });
}
const coins = (to: Address, ether: string, from = HOT) =>
  isMined(chain.client.sendTransaction({ account: from, to, value: parseEther(ether) }));
const dollars = (to: Address, units: bigint) =>
  isMined(
    chain.client.sendTransaction({
      account: HOT,
      to: token,
      data: transferCalldata({ to, amount: units }),
    }),
  );
const becomesFinal = () => chain.mine(CONFIRMATIONS);

async function isRead(): Promise<void> {
  const final = (await chain.head()) - BigInt(CONFIRMATIONS) + 1n;
  reader.loop.start();
  await eventually(async () => {
    const [row] = await owner.query<{ block_number: string }>(
      'SELECT block_number::text FROM wallet_reading',
    );
    expect(BigInt(row?.block_number ?? 0)).toBeGreaterThanOrEqual(final);
  });
}

async function findings(): Promise<readonly string[]> {
  await inSnapshot(service, (query) => runChecks(query, [WALLET], new Date()));
  const rows = await owner.query<{ kind: string }>('SELECT kind FROM finding ORDER BY id');
  return rows.map(({ kind }) => kind);
}

const payments = () =>
  owner.query<{ currency: string; net: string; is_assigned: boolean }>(
    `SELECT currency, net::text, withdrawal_id IS NOT NULL AS is_assigned FROM venue_payment ORDER BY id`,
  );

describe('the chains of the wallet', () => {
  it('show the payment of each order, and nothing of voids, top-ups and transfers of zero', async () => {
    const [first, second] = [anAddress(), anAddress()];
    await ordered('ETH.ETH', '0.5', first);
    await ordered('USDT.ETH', '12.5', second);
    await coins(first, '0.5');
    await dollars(second, 12_500_000n);
    await coins(HOT.address, '0');
    await coins(HOT.address, '1', TANK);
    await dollars(anAddress(), 0n);
    await coins(HOT.address, '3', STRANGER);
    await becomesFinal();
    await isRead();

    expect(await findings()).toEqual([]);
    expect(await payments()).toEqual([
      { currency: 'ETH.ETH', net: '0.5', is_assigned: true },
      { currency: 'USDT.ETH', net: '12.5', is_assigned: true },
    ]);
  });

  it('show a second payment of an order, and a payment without one, once both are final', async () => {
    const to = anAddress();
    await ordered('USDT.ETH', '7', to);
    await dollars(to, 7_000_000n);
    await becomesFinal();
    await isRead();
    expect(await findings()).toEqual([]);

    await dollars(to, 7_000_000n);
    await coins(anAddress(), '2');
    await isRead();
    expect(await findings()).toEqual([]);

    await becomesFinal();
    await isRead();
    expect([...(await findings())].sort()).toEqual(['paid_twice', 'payment_without_order']);
  });

  it('show no payment that a reorganisation removed before it was final', async () => {
    await coins(anAddress(), '2');
    await isRead();
    await chain.reorg(1);
    await chain.mine(2 * CONFIRMATIONS);
    await isRead();

    expect(await findings()).toEqual([]);
  });

  it('have an order of one network not paid on another', async () => {
    const to = anAddress();
    await ordered('USDT.BSC', '9', to);
    await dollars(to, 9_000_000n);
    await becomesFinal();
    await isRead();

    expect(await findings()).toEqual(['payment_without_order']);
  });

  it('are not read while a node hides a transfer', async () => {
    const asked = { before: null, since: new Date(Date.now() - 60_000), now: new Date() };
    await dollars(anAddress(), 1_000_000n);
    await becomesFinal();
    node.lie({ kind: 'answer', change: () => [] }, { methods: ['eth_getLogs'] });

    expect(await audit.next(asked)).toMatchObject({
      ok: false,
      refusal: expect.stringContaining('nodes disagree') as string,
    });
  });

  it('are not read while the newest block is old', async () => {
    const asked = { before: null, since: new Date(), now: new Date(Date.now() + 200_000) };

    expect(await audit.next(asked)).toMatchObject({
      ok: false,
      refusal: expect.stringMatching(/the newest block is \d+ s old/) as string,
    });
  });
});
