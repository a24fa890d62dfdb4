import { randomUUID } from 'node:crypto';
import { register } from 'prom-client';
import { type Address, getAddress, type Hex, parseEther } from 'viem';
import { ChainAudit } from '@sluice/connector-evm/audit';
import { type ChainSettings, parseChains, transferCalldata } from '@sluice/evm';
import { WALLET } from '@sluice/messages';
import { Database, migrate, Outbox, UnitOfWork } from '@sluice/postgres';
import { AuditKeys, Health, type Platform, RecordSeals } from '@sluice/service-shell';
import { eventually } from '@sluice/test-kit';
import { asOwner, asService, TEST_LOGIN, testDatabase } from '@sluice/test-servers';
import {
  type AnvilServer,
  deployToken,
  devAccount,
  mint,
  RpcProxy,
  startAnvil,
} from '@sluice/test-servers/evm';
import { gasLimitsOf } from '../chains/chain-settings.js';
import { WalletReader } from '../chains/wallet-reader.js';
import { inSnapshot, runChecks } from '../checks/run-checks.js';
import { type FollowedEvent, ledgerFacts } from '../writes/ledger-facts.js';
import { type FollowedCommand, orderFacts } from '../facts/venue-commands.consumer.js';
import { storeFacts } from '../writes/store-facts.js';
import { AUDITOR_SCHEMA } from '../postgres/schema.js';
import { FindingClosings } from '../seals/finding-closings.js';
import { FindingSeals } from '../seals/finding-seals.js';

export const CONFIRMATIONS = 3;
export const [HOT, TANK, STRANGER] = [devAccount(1), devAccount(2), devAccount(3)];
const SILENT = {
  info: () => undefined,
  warn: () => undefined,
  debug: () => undefined,
  error: () => undefined,
} as never;

interface FoundAtWallet {
  readonly kind: string;
  readonly evidence: Readonly<Record<string, unknown>>;
}

interface Price {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

/** A chain of its own, two nodes before the chain, and the auditor's reader with its database. */
export class WalletUnderAudit {
  readonly unitOfWork: UnitOfWork;
  private readers: readonly WalletReader[] = [];
  private addresses = 0xa0000;

  private constructor(
    readonly chain: AnvilServer,
    readonly node: RpcProxy,
    readonly token: Address,
    readonly owner: Database,
    readonly service: Database,
  ) {
    this.unitOfWork = new UnitOfWork(service, 'auditor', new Outbox(service));
  }

  static async open(): Promise<WalletUnderAudit> {
    const chain = await startAnvil({ chainId: 31337 });
    const token = await deployToken(chain, 'silent', 6);
    await mint(chain, token, HOT.address, 1_000_000_000n);
    await chain.mine(CONFIRMATIONS);
    const node = await RpcProxy.to(chain.url);
    const url = await testDatabase('auditor');
    await migrate({ url: asOwner(url), login: TEST_LOGIN, schema: AUDITOR_SCHEMA });
    const owner = await Database.open({ url, name: 'owner' });
    const service = await Database.open({ url: asService(url), name: 'auditor' });
    const { timestamp } = await chain.client.getBlock(); // in whole seconds
    await owner.query(
      `UPDATE audit_progress SET started_at = to_timestamp($1), followed_through = now() + interval '1 hour'`,
      [Number(timestamp)],
    );
    return new WalletUnderAudit(chain, node, token, owner, service);
  }

  async close(): Promise<void> {
    this.node.honest();
    await this.stopReading();
    await Promise.all([this.owner.close(), this.service.close()]);
    await this.node.stop();
    await this.chain.stop();
  }

  settings(change: Partial<ChainSettings> = {}): ChainSettings {
    const [one] = parseChains(
      JSON.stringify([
        {
          network: 'ETH',
          chainId: 31337,
          rpcUrls: [this.node.url, this.chain.url],
          finality: { confirmations: CONFIRMATIONS },
          fees: { maxFeeCapGwei: '500', tipGwei: '1', bumpPercent: 12.5, stuckAfterBlocks: 9 },
          native: { currency: 'ETH' },
          tokens: [{ currency: 'USDT', address: getAddress(this.token), decimals: 6 }],
          wallets: [
            { address: HOT.address, purpose: 'hot' },
            { address: TANK.address, purpose: 'tank' },
          ],
          ...change,
        },
      ]),
    );
    if (!one) throw new Error('no chain');
    return one;
  }

  startReading(change: Partial<ChainSettings> = {}): void {
    const settings = this.settings(change);
    const limits = gasLimitsOf(settings);
    if (limits === null) throw new Error('no limits');
    const reader = new WalletReader({
      chains: [{ audit: new ChainAudit(settings), limits }],
      database: this.service,
      unitOfWork: this.unitOfWork,
      seals: testFindingSeals(this.service, SILENT),
      logger: SILENT,
      everyMs: 100,
      onRead: () => undefined,
    });
    this.readers = [...this.readers, reader];
    reader.loop.start();
  }

  async stopReading(): Promise<void> {
    await Promise.all(this.readers.map((reader) => reader.close()));
    this.readers = [];
  }

  /** Waits until every final block is read; `coins_block`: and its coins are compared. */
  async isRead(column: 'coins_block' | 'block_number' = 'coins_block'): Promise<void> {
    if (this.readers.length === 0) this.startReading();
    const final = (await this.chain.head()) - BigInt(CONFIRMATIONS) + 1n;
    await eventually(async () => {
      const [row] = await this.owner.query<Readonly<Record<typeof column, string | null>>>(
        'SELECT coins_block::text, block_number::text FROM wallet_reading',
      );
      expect(BigInt(row?.[column] ?? 0)).toBeGreaterThanOrEqual(final);
    });
  }

  /** The transactions so far become final and are read. */
  async becomesFinal(): Promise<void> {
    await this.chain.mine(CONFIRMATIONS);
    await this.isRead();
  }

  async ordered(asset: string, amount: string, address: Address): Promise<string> {
    const id = randomUUID();
    const of = { withdrawalId: id, accountId: randomUUID(), asset, amount };
    const time = new Date().toISOString();
    const hold: object = { type: 'ledger.hold-placed.v1', time, data: { ...of, venue: WALLET } };
    const order: object = {
      type: 'venue.submit-withdrawal.v1',
      time,
      data: { ...of, destination: { type: 'address', address } },
    };
    const orders = orderFacts(WALLET, [order as FollowedCommand]);
    await this.unitOfWork.run((tx) => storeFacts(tx, ledgerFacts([hold as FollowedEvent]), orders));
    return id;
  }

  /** An address of its own for each payment. */
  anAddress(): Address {
    this.addresses += 1;
    return getAddress(`0x${this.addresses.toString(16).padStart(40, '0')}`);
  }

  coins(to: Address, ether: string, from = HOT, price?: Price): Promise<void> {
    const transaction = { account: from, to, value: parseEther(ether), ...price };
    return this.isMined(this.chain.client.sendTransaction(transaction));
  }

  /** A transfer of the token; `gas` limits a transfer that fails. */
  tokens(to: Address, amount: bigint, gas?: bigint): Promise<void> {
    const call = { account: HOT, to: this.token, data: transferCalldata({ to, amount }) };
    return this.isMined(
      this.chain.client.sendTransaction(gas === undefined ? call : { ...call, gas }),
    );
  }

  async findings(): Promise<readonly string[]> {
    return (await this.found()).map(({ kind }) => kind);
  }

  async found(since = new Date()): Promise<readonly FoundAtWallet[]> {
    await inSnapshot(this.service, (query) => runChecks(query, [WALLET], since));
    return this.owner.query<FoundAtWallet>('SELECT kind, evidence FROM finding ORDER BY id');
  }

  /** A block takes the transaction a moment after the node has answered. */
  private async isMined(sent: Promise<Hex>): Promise<void> {
    await this.chain.client.waitForTransactionReceipt({ hash: await sent });
  }
}

/** Seals of findings with the keys of development, as in another process of the auditor. */
export function testFindingSeals(database: Database, logger: Platform['logger']): FindingSeals {
  register.clear();
  const unitOfWork = new UnitOfWork(database, 'auditor', new Outbox(database));
  const records = new RecordSeals('auditor', AuditKeys.ofDevelopment());
  const parts = { database, unitOfWork, logger };
  const closings = new FindingClosings(parts, records);
  return new FindingSeals({ ...parts, health: new Health() }, records, closings);
}
