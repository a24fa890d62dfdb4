import { ChainControl, devAccount, mint } from '@sluice/test-servers/evm';
import { keepInFlight, pause, type RunFile } from '@sluice/stack';
import { Pool } from 'undici';
import { encodeFunctionData, parseAbi, parseGwei, type Hex } from 'viem';

const TRANSFER = parseAbi(['function transfer(address to, uint256 value)']);
const SENDERS = 8;
const EACH = 1_000;
const IN_FLIGHT = 64;
const GAS = 80_000n;
const MINED_WITHIN_MS = 120_000;

/**
 * Best rate of the node alone: identical token transfers, signed before the clock runs, sent from
 * eight addresses over kept connections. Mined per second, from the first byte to the block with
 * the last transfer.
 */
export async function measureCeiling(
  chains: RunFile['chains'],
  say: (line: string) => void,
): Promise<number> {
  if (!chains) throw new Error('no chain runs here');
  const { rpc_url, chain_id, tokens } = chains.ETH;
  const chain = new ChainControl(rpc_url, chain_id);
  const token = tokens['USDT'] as Hex;
  const raws = await signed(chain, token);
  const before = await minedOf(chain);
  const began = performance.now();
  await send(rpc_url, raws);
  const took = await untilMined(chain, before + BigInt(raws.length), began);
  const perSecond = Number(((raws.length / took) * 1000).toFixed(1));
  say(`the node alone: ${raws.length} presigned transfers, ${perSecond} per second`);
  return perSecond;
}

/**
 * Signs nonce by nonce across the senders: no sender's next transaction waits for another sender.
 */
async function signed(chain: ChainControl, token: Hex): Promise<readonly Hex[]> {
  const data = encodeFunctionData({
    abi: TRANSFER,
    args: ['0x00000000000000000000000000000000DeaDBeef', 1n],
  });
  // Mints sequentially, because the minting address has nonces as well.
  for (let index = 0; index < SENDERS; index += 1)
    await mint(chain, token, devAccount(index).address, BigInt(EACH));
  const queues = await Promise.all(
    Array.from({ length: SENDERS }, async (_, index) => {
      const account = devAccount(index);
      const first = Number(await chain.nonce(account.address));
      return Promise.all(
        Array.from({ length: EACH }, (_one, at) =>
          account.signTransaction({
            type: 'eip1559',
            chainId: chain.chainId,
            nonce: first + at,
            gas: GAS,
            maxFeePerGas: parseGwei('100'),
            maxPriorityFeePerGas: parseGwei('1'),
            to: token,
            data,
          }),
        ),
      );
    }),
  );
  return Array.from({ length: EACH }, (_, at) => queues.map((queue) => queue[at] ?? '0x')).flat();
}

async function send(url: string, raws: readonly Hex[]): Promise<void> {
  const pool = new Pool(new URL(url).origin, { connections: IN_FLIGHT });
  let next = 0;
  const one = async (): Promise<void> => {
    const id = next++;
    const call = { jsonrpc: '2.0', id, method: 'eth_sendRawTransaction', params: [raws[id]] };
    const { body } = await pool.request({
      method: 'POST',
      path: '/',
      body: JSON.stringify(call),
      headers: { 'content-type': 'application/json' },
    });
    const { error } = (await body.json()) as { readonly error?: { readonly message: string } };
    if (error) throw new Error(`the node rejects a presigned transfer: ${error.message}`);
  };
  await keepInFlight(IN_FLIGHT, () => next < raws.length, one);
  await pool.close();
}

/** Number of mined transactions of all senders. */
async function minedOf(chain: ChainControl): Promise<bigint> {
  const nonces = await Promise.all(
    Array.from({ length: SENDERS }, (_, index) => chain.nonce(devAccount(index).address)),
  );
  return nonces.reduce((sum, nonce) => sum + nonce, 0n);
}

async function untilMined(chain: ChainControl, wanted: bigint, began: number): Promise<number> {
  for (;;) {
    if ((await minedOf(chain)) >= wanted) return performance.now() - began;
    if (performance.now() - began > MINED_WITHIN_MS)
      throw new Error('some presigned transfers were not mined');
    await pause(50);
  }
}
