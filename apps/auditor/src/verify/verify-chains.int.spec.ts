import { randomUUID } from 'node:crypto';
import { ChainAudit } from '@sluice/connector-evm/audit';
import { parseChains, transferCalldata } from '@sluice/evm';
import { topicsConsumedBy, WALLET } from '@sluice/messages';
import { Database, migrate, Outbox, UnitOfWork } from '@sluice/postgres';
import { eventually, testMessageKeysText } from '@sluice/test-kit';
import {
  asOwner,
  asService,
  kafkaClient,
  TEST_LOGIN,
  withTestKafka,
  type TestKafka,
  testDatabase,
} from '@sluice/test-servers';
import {
  deployToken,
  devAccount,
  mint,
  RpcProxy,
  startAnvil,
  type AnvilServer,
} from '@sluice/test-servers/evm';
import { getAddress, parseEther, type Address } from 'viem';
import { gasLimitsOf } from '../chains/chain-settings.js';
import { WalletReader } from '../chains/wallet-reader.js';
import { inSnapshot, runChecks } from '../checks/run-checks.js';
import { AUDITOR_SCHEMA } from '../postgres/schema.js';
import { testFindingSeals } from '../testkit/wallet-under-audit.js';
import { openedAccount } from '../testkit/withdrawal-messages.js';
import { verifyConfig } from './config.js';
import { loadChains } from './load-facts.js';
import { verifyAudit } from './verify-audit.js';

const SLOW = 120_000;
const CONFIRMATIONS = 3;
const MINUTE_MS = 60_000;
/** Topics of this file alone: the broker holds messages of other test files. */
const PREFIX = 'verify-chains.';
const BEGIN = new Date(Date.now() - 10 * MINUTE_MS);
const [HOT, THIEF] = [devAccount(1), devAccount(3)];
const SILENT = { info: () => undefined, warn: () => undefined, debug: () => undefined } as never;

let kafka: TestKafka;
let chain: AnvilServer;
let node: RpcProxy;
let token: Address;
let url: string;
let owner: Database;

beforeAll(async () => {
  [kafka, chain] = await Promise.all([
    withTestKafka(),
    // block times are whole seconds: a block in the second of BEGIN may be earlier than BEGIN
    startAnvil({ chainId: 31337, genesisAt: new Date(BEGIN.getTime() + 1_000) }),
  ]);
  token = await deployToken(chain, 'silent', 6);
  await mint(chain, token, HOT.address, 1_000_000_000n);
  node = await RpcProxy.to(chain.url);
  await stolen();
  await publishOldFact();
  url = await testDatabase('auditor');
  await migrate({ url: asOwner(url), login: TEST_LOGIN, schema: AUDITOR_SCHEMA });
  owner = await Database.open({ url, name: 'owner' });
  await owner.query(
    `UPDATE audit_progress SET started_at = $1, followed_through = now() + interval '1 hour'`,
    [BEGIN],
  );
}, SLOW);
afterEach(() => node.honest());
afterAll(async () => {
  await owner.close();
  await chain.stop();
});

/** The recomputing database judges payments since the oldest fact of the topics. */
async function publishOldFact(): Promise<void> {
  await kafka.createTopics(
    topicsConsumedBy('auditor').map((name) => ({ name: PREFIX + name, partitions: 1 })),
  );
  const producer = kafkaClient({ brokers: kafka.brokers }).producer();
  await producer.connect();
  const [opened] = openedAccount(randomUUID(), BEGIN);
  for (const { topic, key, value, headers } of opened ? [opened] : [])
    await producer.send({
      topic: PREFIX + topic,
      messages: [{ key, value, headers: { ...headers } }],
    });
  await producer.disconnect();
}

function audit(): ChainAudit {
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
        wallets: [{ address: HOT.address, purpose: 'hot' }],
      },
    ]),
  );
  if (!one) throw new Error('no chain');
  return new ChainAudit(one);
}

/** Steals coins and tokens ten minutes ago. */
async function stolen(): Promise<void> {
  const data = transferCalldata({ to: THIEF.address, amount: 7_000_000n });
  const coins = { to: THIEF.address, value: parseEther('2') };
  const { client } = chain;
  for (const sent of [coins, { to: token, data }]) {
    const hash = await client.sendTransaction({ account: HOT, ...sent });
    await client.waitForTransactionReceipt({ hash });
  }
  await client.setNextBlockTimestamp({ timestamp: BigInt(Math.floor(Date.now() / 1_000)) });
  await chain.mine(CONFIRMATIONS);
}

/** The running auditor reads the chain, and finds both payments. */
async function audited(): Promise<void> {
  const service = await Database.open({ url: asService(url), name: 'auditor' });
  const one = audit();
  const limits = gasLimitsOf(one.settings);
  if (limits === null) throw new Error('no limits');
  const reader = new WalletReader({
    chains: [{ audit: one, limits }],
    database: service,
    unitOfWork: new UnitOfWork(service, 'auditor', new Outbox(service)),
    seals: testFindingSeals(service, SILENT),
    logger: SILENT,
    everyMs: 100,
    onRead: () => undefined,
  });
  reader.loop.start();
  await eventually(async () =>
    expect(await owner.query('SELECT FROM venue_payment')).toHaveLength(2),
  );
  await reader.close();
  await inSnapshot(service, (query) => runChecks(query, [WALLET], new Date()));
  await service.close();
}

async function verified() {
  const empty = new URL(url);
  empty.pathname = '/audit_verify_chains';
  const config = verifyConfig({
    KAFKA_BROKERS: kafka.brokers.join(),
    KAFKA_PREFIX: PREFIX,
    DATABASE_URL: asService(url),
    MESSAGE_KEYS: testMessageKeysText('auditor'),
    AUDIT_VERIFY_DATABASE_URL: empty.href,
  });
  const chains = [audit()];
  const say = (): void => undefined;
  try {
    return await verifyAudit({ config, since: BEGIN, venues: [], chains, logger: SILENT, say });
  } finally {
    await Promise.all(chains.map((one) => one.close()));
  }
}

describe('the verification of the wallet', () => {
  it(
    'reads the chains again, and finds each payment that the auditor’s database does not have',
    async () => {
      await audited();

      const equal = await verified();
      expect(equal.filter(({ differences }) => differences.length > 0)).toEqual([]);
      for (const kind of ['payments', 'findings'])
        expect(equal).toContainEqual({ kind, recomputed: 2, stored: 2, differences: [] });

      await owner.query(`DELETE FROM venue_payment WHERE currency = 'ETH.ETH'`);
      await owner.query(`DELETE FROM finding WHERE evidence->'payment'->>'currency' = 'ETH.ETH'`);
      const different = (await verified()).flatMap(({ differences }) => differences);
      expect(different).toEqual([
        expect.stringMatching(/^wallet ETH 0x\w+: recomputed, and the auditor does not have it$/),
        expect.stringMatching(/^payment_without_order wallet ETH 0x\w+: recomputed, and the aud/),
      ]);
    },
    SLOW,
  );

  it(
    'proves nothing while a node hides a transfer',
    async () => {
      node.lie({ kind: 'answer', change: () => [] }, { methods: ['eth_getLogs'] });

      await expect(verified()).rejects.toThrow(/^the chain ETH was not read: .*nodes disagree/);
    },
    SLOW,
  );

  it('proves nothing while the auditor has not read the newest final block', async () => {
    const unread = await testDatabase('auditor');
    await migrate({ url: asOwner(unread), login: TEST_LOGIN, schema: AUDITOR_SCHEMA });
    const database = await Database.open({ url: unread, name: 'owner' });
    const [one, say] = [audit(), () => undefined];
    const loading = { chains: [one], since: BEGIN, say, mostWaitMs: 100 };

    await expect(loadChains(loading, { recomputed: database, stored: database })).rejects.toThrow(
      /^the auditor has not read block \d+ of ETH$/,
    );
    await Promise.all([one.close(), database.close()]);
  });
});
