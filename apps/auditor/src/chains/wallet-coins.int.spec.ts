import { upgradeToken } from '@sluice/test-servers/evm';
import { parseEther, parseGwei } from 'viem';
import {
  CONFIRMATIONS,
  HOT,
  STRANGER,
  TANK,
  WalletUnderAudit,
} from '../testkit/wallet-under-audit.js';

let wallet: WalletUnderAudit;

beforeEach(async () => void (wallet = await WalletUnderAudit.open()));
afterEach(() => wallet.close());

interface CoinsRow {
  readonly address: string;
  readonly asset: string;
  readonly total: string;
  readonly risen: string;
}

const coins = () =>
  wallet.owner.query<CoinsRow>(
    `SELECT address, asset, total::text, risen::text FROM wallet_coins ORDER BY asset, address`,
  );
const risenOf = async (address: string, asset: string) =>
  (await coins()).find((one) => one.address === address && one.asset === asset)?.risen;
const gasOf = (address: string) =>
  wallet.owner.query<{ spent: string; transactions: string }>(
    'SELECT spent::text, transactions::text FROM wallet_gas WHERE address = $1',
    [address],
  );
const balanceOf = async (address: typeof HOT.address) => {
  const head = await wallet.chain.head();
  const blockNumber = head - BigInt(CONFIRMATIONS) + 1n;
  return wallet.chain.client.getBalance({ address, blockNumber });
};
/** Tokens in the smallest units that leave without an event. */
const mute = async (amount: bigint) => {
  await upgradeToken(wallet.chain, wallet.token, 'mute', 6);
  await wallet.tokens(STRANGER.address, amount);
};
const drain = async (ether: string) => {
  const there = await wallet.chain.balance(HOT.address);
  await wallet.chain.setBalance(HOT.address, there - parseEther(ether));
};
const priced = (gwei: string) => ({
  maxFeePerGas: parseGwei(gwei) + parseGwei('10'),
  maxPriorityFeePerGas: parseGwei(gwei),
});

describe('the coins of the wallet', () => {
  it('agree to the last wei after payments, failed transactions, voids and top-ups, and a deposit is a rise', async () => {
    await wallet.isRead();
    const [first, second] = [wallet.anAddress(), wallet.anAddress()];
    await wallet.ordered('ETH.ETH', '0.5', first);
    await wallet.ordered('USDT.ETH', '12.5', second);
    await wallet.coins(first, '0.5');
    await wallet.tokens(second, 12_500_000n);
    await wallet.tokens(second, 10n ** 15n, 90_000n); // more than there is: reverts
    await wallet.coins(HOT.address, '0');
    await wallet.coins(HOT.address, '1.25', TANK);
    await wallet.becomesFinal();
    expect([await risenOf(HOT.address, 'ETH.ETH'), await risenOf(TANK.address, 'ETH.ETH')]).toEqual(
      ['0', '0'],
    );

    await wallet.coins(HOT.address, '3', STRANGER);
    await wallet.becomesFinal();
    expect(await risenOf(HOT.address, 'ETH.ETH')).toBe('3');
    expect(await risenOf(HOT.address, 'USDT.ETH')).toBe('0');
    expect(await wallet.findings()).toEqual([]);
    const [row] = await gasOf(HOT.address);
    expect(row?.transactions).toBe('4');
    const spent = parseEther('10000') + parseEther('3.75') - (await balanceOf(HOT.address));
    expect(parseEther(row?.spent ?? '0')).toBe(spent);
  });

  it('are apart once coins are missing without a transaction, and the finding names the amount', async () => {
    await wallet.isRead();
    await wallet.coins(HOT.address, '2', TANK);
    await drain('2');
    await wallet.becomesFinal();

    expect(await wallet.found()).toEqual([
      {
        kind: 'balance_apart',
        evidence: expect.objectContaining({
          network: 'ETH',
          address: HOT.address,
          asset: 'ETH.ETH',
          missing: '2',
          received_from_own: '2',
        }) as unknown,
      },
    ]);
    await wallet.becomesFinal();
    expect(await wallet.findings()).toHaveLength(1);
    expect(await wallet.owner.query('SELECT FROM finding WHERE open_seal IS NULL')).toEqual([]);
  });

  it('are apart once a token leaves without an event', async () => {
    await wallet.isRead();
    await mute(7_000_000n);
    await wallet.becomesFinal();

    expect(await wallet.found()).toEqual([
      {
        kind: 'balance_apart',
        evidence: expect.objectContaining({ asset: 'USDT.ETH', missing: '7' }) as unknown,
      },
    ]);
  });

  it('are counted once by several processes and across restarts', async () => {
    await wallet.isRead();
    wallet.startReading();
    wallet.startReading();
    for (let round = 0; round < 4; round++) {
      await wallet.coins(HOT.address, '0.1', TANK);
      await wallet.coins(HOT.address, '0');
      await wallet.becomesFinal();
      if (round === 1) {
        await wallet.stopReading();
        await wallet.coins(HOT.address, '0.1', TANK);
        wallet.startReading();
        wallet.startReading();
      }
    }

    expect(await wallet.findings()).toEqual([]);
    expect((await coins()).map(({ risen }) => risen)).toEqual(['0', '0', '0', '0']);
    expect([await gasOf(HOT.address), await gasOf(TANK.address)]).toMatchObject([
      [{ transactions: '4' }],
      [{ transactions: '5' }],
    ]);
  });

  it('are not compared while a node hides a drain: the blocks are read, and the comparison follows', async () => {
    await wallet.isRead();
    const before = await wallet.chain.balance(HOT.address);
    await wallet.coins(HOT.address, '1', TANK);
    await drain('5');
    wallet.node.lie(
      { kind: 'answer', change: () => `0x${before.toString(16)}` },
      { methods: ['eth_getBalance'] },
    );
    await wallet.chain.mine(CONFIRMATIONS);
    await wallet.isRead('block_number');
    expect(await wallet.findings()).toEqual([]);
    const minutes = new Date(Date.now() - 120_000);
    await wallet.owner.query('UPDATE venue_reading SET balances_read_at = $1', [minutes]);
    expect(await wallet.found(minutes)).toMatchObject([
      { kind: 'venue_not_read', evidence: { venue: 'wallet' } },
    ]);

    wallet.node.honest();
    await wallet.isRead();
    expect(await wallet.found()).toMatchObject([
      { kind: 'venue_not_read' },
      { kind: 'balance_apart', evidence: { missing: '5', received_from_own: '1' } },
    ]);
  });
});

describe('the gas of the wallet', () => {
  it('opens a finding above the limit of one transaction', async () => {
    await wallet.isRead();
    await wallet.coins(HOT.address, '0', HOT, priced('2500'));
    await wallet.becomesFinal();

    expect(await wallet.found()).toMatchObject([
      {
        kind: 'gas_above_limit',
        evidence: { address: HOT.address, gas_used: '21000', limit_of_transaction: '0.05' },
      },
    ]);
  });

  it('opens a finding above the limit of an hour, and another one at each multiple', async () => {
    wallet.startReading({ gasPerTransaction: '1', gasPerHour: '0.1' });
    await wallet.isRead();
    await wallet.coins(HOT.address, '0', HOT, priced('2500'));
    await wallet.becomesFinal();
    expect(await wallet.findings()).toEqual([]);

    await wallet.coins(TANK.address, '0', TANK, priced('2500'));
    await wallet.becomesFinal();
    expect(await wallet.found()).toMatchObject([
      { kind: 'gas_above_limit', evidence: { network: 'ETH', limit_of_hour: '0.1' } },
    ]);
    await wallet.coins(HOT.address, '0', HOT, priced('2500'));
    await wallet.becomesFinal();
    expect(await wallet.findings()).toHaveLength(1);

    await wallet.coins(HOT.address, '0', HOT, priced('2500'));
    await wallet.becomesFinal();
    expect(await wallet.findings()).toEqual(['gas_above_limit', 'gas_above_limit']);
  });
});
