import { ChainControl, transfersOf } from '@sluice/test-servers/evm';
import type { RunningChain } from '@sluice/stack';
import { formatUnits, getAddress } from 'viem';
import type { Payment } from './compare-books.js';

/** Decimals of the stack's USDT on ETH. */
const DECIMALS = 6;

/** Every USDT transfer from a wallet address, according to the token's events. */
export async function bookOfChain({
  rpc_url,
  chain_id,
  tokens,
  hot_wallets,
}: RunningChain): Promise<readonly Payment[]> {
  const chain = new ChainControl(rpc_url, chain_id);
  const token = getAddress(tokens['USDT'] ?? '');
  const sent = await Promise.all(
    hot_wallets.map((wallet) => transfersOf(chain, token, getAddress(wallet))),
  );
  return sent.flat().map(({ hash, to, value }) => ({
    id: hash,
    destination: to,
    memo: null,
    net_amount: formatUnits(value, DECIMALS),
  }));
}
