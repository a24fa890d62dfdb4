import { join } from 'node:path';
import { isAlive } from '../../process/launch.js';
import { startGuard } from '../../process/process-guard.js';
import { tempFolder } from '../../machine/files.js';
import { parseEther, parseGwei, type Hex } from 'viem';
import {
  anvilBinary,
  devAccount,
  startAnvil,
  startHardhat,
  type AnvilServer,
} from './start-anvil.js';
import type { ChainControl } from './chain-control.js';
import { mineFull } from './mine-full.js';

const [sender, recipient] = [devAccount(1), devAccount(2)];

/** A plain signed transfer as bytes, ready to send. */
async function signed(
  chain: ChainControl,
  nonce: number,
  changes: { value?: bigint; maxFee?: bigint; tip?: bigint } = {},
): Promise<Hex> {
  return sender.signTransaction({
    type: 'eip1559',
    chainId: chain.chainId,
    nonce,
    to: recipient.address,
    value: changes.value ?? 1n,
    gas: 21_000n,
    maxFeePerGas: changes.maxFee ?? parseGwei('10'),
    maxPriorityFeePerGas: changes.tip ?? parseGwei('1'),
  });
}

function send(chain: ChainControl, raw: Hex): Promise<Hex> {
  return chain.client.sendRawTransaction({ serializedTransaction: raw });
}

describe('anvil', () => {
  let chain: AnvilServer;
  beforeEach(async () => {
    chain = await startAnvil({ chainId: 31337, automine: false, finalityDepth: 4 });
  });
  afterEach(() => chain.stop());

  it('funds the accounts, mines on request, and finalises blocks at the configured depth', async () => {
    await send(chain, await signed(chain, 0, { value: parseEther('2') }));
    expect(await chain.nonce(sender.address)).toBe(0n);

    await chain.mine(7);

    const final = await chain.client.getBlock({ blockTag: 'finalized' });
    expect([await chain.head(), final.number]).toEqual([7n, 3n]);
    expect(await chain.balance(recipient.address)).toBe(parseEther('10002'));
    expect(await chain.minedBy(sender.address)).toMatchObject([{ nonce: 0n, blockNumber: 1n }]);
  });

  it('forgets in a reorganisation what was mined, takes the same bytes again, or has them in another block at once', async () => {
    const raw = await signed(chain, 0);
    const hash = await send(chain, raw);
    await chain.mine(3);

    await chain.reorg(3);

    await expect(chain.client.getTransactionReceipt({ hash })).rejects.toThrow(
      /could not be found/,
    );
    expect([await chain.nonce(sender.address), await chain.pool()]).toEqual([0n, []]);
    expect(await send(chain, raw)).toBe(hash);
    await chain.mine();
    const first = await chain.client.getTransactionReceipt({ hash });
    await chain.reorg(1, [{ raw, block: 0 }]);
    const second = await chain.client.getTransactionReceipt({ hash });
    expect(second.blockHash).not.toBe(first.blockHash);
  });

  it('drops a named transaction and later nonces from the pool, and keeps transactions behind a gap', async () => {
    const first = await send(chain, await signed(chain, 0));
    await send(chain, await signed(chain, 1));

    expect([await chain.drop(first), await chain.drop(first)]).toEqual([true, false]);

    expect(await chain.pool()).toEqual([]);
    const waiting = await send(chain, await signed(chain, 1));
    await chain.mine();
    expect(await chain.nonce(sender.address)).toBe(0n);
    expect(await chain.pool()).toEqual([waiting]);
    await chain.dropAll();
    expect(await chain.pool()).toEqual([]);
  });

  it('sets what a test has to set: a balance, the next base fee, a block for each transaction', async () => {
    await chain.setBalance(sender.address, parseEther('1'));
    await chain.nextBaseFee(parseGwei('7'));
    await chain.automine(true);

    const hash = await send(chain, await signed(chain, 0));

    const receipt = await chain.client.waitForTransactionReceipt({ hash });
    expect(receipt.effectiveGasPrice).toBe(parseGwei('8'));
    expect(await chain.balance(sender.address)).toBe(
      parseEther('1') - 1n - 21_000n * parseGwei('8'),
    );
  });

  it('makes full blocks without capacity for other transactions', async () => {
    await send(chain, await signed(chain, 0, { maxFee: parseGwei('100') }));

    await mineFull(chain, 3);

    expect([await chain.head(), await chain.nonce(sender.address)]).toEqual([3n, 0n]);
    await chain.mine();
    expect(await chain.nonce(sender.address)).toBe(1n);
  });

  it('is gone when it was stopped', async () => {
    const pid = chain.process.pid() ?? 0;

    await chain.stop();

    expect(isAlive(pid)).toBe(false);
  });

  it('is refused with the way out where its program is missing', () => {
    expect(() => anvilBinary({ ANVIL_PATH: '/nowhere/anvil' })).toThrow(
      'ANVIL_PATH names no file: /nowhere/anvil',
    );
  });
});

it('anvil restores its chain from the configured state file, in a folder made by anvil', async () => {
  const stateFile = join(tempFolder(startGuard()), 'chains', 'chain.json');
  const first = await startAnvil({ chainId: 31338, stateFile });
  const hash = await send(first, await signed(first, 0));
  await first.client.waitForTransactionReceipt({ hash });
  await first.stop();

  const second = await startAnvil({ chainId: 31338, stateFile });
  const receipt = await second.client.getTransactionReceipt({ hash });
  await second.stop();

  expect(receipt.status).toBe('success');
});

describe('hardhat', () => {
  it('takes a replacement only if both fees are 10 % higher', async () => {
    const chain = await startHardhat({ chainId: 31339 });
    try {
      const fees = (percent: bigint, tipPercent = percent) => ({
        maxFee: (parseGwei('10') * percent) / 100n,
        tip: (parseGwei('1') * tipPercent) / 100n,
      });
      await send(chain, await signed(chain, 0, fees(100n)));

      await expect(send(chain, await signed(chain, 0, fees(109n)))).rejects.toThrow();
      await expect(send(chain, await signed(chain, 0, fees(110n, 109n)))).rejects.toThrow();
      const taken = await send(chain, await signed(chain, 0, fees(110n)));
      await chain.mine();

      expect(await chain.minedBy(sender.address)).toMatchObject([{ hash: taken }]);
    } finally {
      await chain.stop();
    }
  });
});
