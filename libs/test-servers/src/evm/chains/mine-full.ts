import { parseGwei } from 'viem';
import type { ChainControl } from './chain-control.js';
import { devAccount } from './start-anvil.js';

/** Gas of a transaction, within the limit of current chains (EIP-7825). */
const MOST_GAS = 16_000_000n;
/** Gas limit too low for any transaction. */
const LEFT = 20_000n;
/** An invalid opcode consumes all given gas. */
const BURN_ALL = '0xfe';

/**
 * Mines blocks full of the highest-paying transactions, sent by account 8. No other transaction
 * gets in, and the base fee rises by 1/8 with each block.
 */
export async function mineFull(chain: ChainControl, blocks = 1): Promise<void> {
  const spammer = devAccount(8);
  for (let block = 0; block < blocks; block++) {
    const { gasLimit } = await chain.client.getBlock({ blockTag: 'latest' });
    const first = await chain.nonce(spammer.address);
    let left = gasLimit - LEFT;
    for (let nonce = Number(first); left > 21_000n; nonce++) {
      const gas = left < 2n * MOST_GAS && left > MOST_GAS ? left / 2n : min(left, MOST_GAS);
      left -= gas;
      await chain.client.sendTransaction({
        account: spammer,
        nonce,
        data: BURN_ALL,
        gas,
        maxFeePerGas: parseGwei('3000'),
        maxPriorityFeePerGas: parseGwei('1500'),
      });
    }
    await chain.mine();
  }
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
