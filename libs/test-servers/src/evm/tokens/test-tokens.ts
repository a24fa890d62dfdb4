import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  encodeDeployData,
  isHex,
  parseAbi,
  parseEventLogs,
  parseGwei,
  type Address,
  type Hash,
  type Hex,
} from 'viem';
import type { ChainControl } from '../chains/chain-control.js';
import { devAccount } from '../chains/start-anvil.js';

/** Behavior of a token with failing or unusual transfers; details in TestTokens.sol. */
export type TokenKind = 'plain' | 'silent' | 'false' | 'hollow' | 'fee' | 'mute';

const CONTRACTS: Readonly<Record<TokenKind, string>> = {
  plain: 'PlainToken',
  silent: 'SilentToken',
  false: 'FalseToken',
  hollow: 'HollowToken',
  fee: 'FeeToken',
  mute: 'MuteToken',
};

const TOKEN = parseAbi([
  'constructor(uint8 decimals)',
  'function mint(address to, uint256 value)',
  'function setBlocked(address who, bool on)',
  'function balanceOf(address who) view returns (uint256)',
  'event Transfer(address indexed from, address indexed to, uint256 value)',
]);
const BURNER = parseAbi(['constructor(uint256 slots)']);
const PURSE = parseAbi(['constructor()', 'function setShut(bool on)']);

/**
 * Deploys a token and returns the address. `at` places the token at a given address (anvil only),
 * like the real token on a real chain.
 */
export async function deployToken(
  chain: ChainControl,
  kind: TokenKind,
  decimals: number,
  at?: Address,
): Promise<Address> {
  const data = encodeDeployData({
    abi: TOKEN,
    bytecode: codeOf(CONTRACTS[kind]),
    args: [decimals],
  });
  return deploy(chain, data, at);
}

/** Deploys a recipient contract; receiving coins costs more gas than for an account. */
export function deployPurse(chain: ChainControl): Promise<Address> {
  return deploy(chain, codeOf('Purse'));
}

/**
 * Deploys a recipient with high gas use: `slots` storage slots are written on each receipt of
 * coins.
 */
export function deployBurner(chain: ChainControl, slots: number): Promise<Address> {
  const args = [BigInt(slots)] as const;
  return deploy(chain, encodeDeployData({ abi: BURNER, bytecode: codeOf('Burner'), args }));
}

/**
 * Replaces the code of an existing token by another kind, like an upgrade by the issuer. Balances
 * are kept. Anvil only.
 */
export async function upgradeToken(
  chain: ChainControl,
  token: Address,
  kind: TokenKind,
  decimals: number,
): Promise<void> {
  await deployToken(chain, kind, decimals, token);
}

/** Fees high enough to precede all other transactions waiting for the same block. */
const AHEAD = {
  account: devAccount(9),
  gas: 200_000n,
  maxFeePerGas: parseGwei('2000'),
  maxPriorityFeePerGas: parseGwei('1000'),
} as const;

/** Makes the purse revert when receiving coins, or accept coins again. */
export async function setShut(chain: ChainControl, purse: Address, on: boolean): Promise<void> {
  const call = { address: purse, abi: PURSE, functionName: 'setShut', args: [on] } as const;
  await mined(chain, await chain.client.writeContract({ ...call, ...AHEAD }));
}

/** Mints tokens; `value` in the token's smallest unit. */
export async function mint(
  chain: ChainControl,
  token: Address,
  to: Address,
  value: bigint,
): Promise<void> {
  const call = { address: token, abi: TOKEN, functionName: 'mint', args: [to, value] } as const;
  await mined(chain, await chain.client.writeContract({ ...call, ...AHEAD }));
}

/** Blocks or unblocks transfers from and to an address; each token kind fails differently. */
export async function setBlocked(
  chain: ChainControl,
  token: Address,
  who: Address,
  on: boolean,
): Promise<void> {
  const call = { address: token, abi: TOKEN, functionName: 'setBlocked', args: [who, on] } as const;
  await mined(chain, await chain.client.writeContract({ ...call, ...AHEAD }));
}

/** In the token's smallest unit, now or in a block. */
export function tokenBalance(
  chain: ChainControl,
  token: Address,
  who: Address,
  blockNumber?: bigint,
): Promise<bigint> {
  return chain.client.readContract({
    address: token,
    abi: TOKEN,
    functionName: 'balanceOf',
    args: [who],
    ...(blockNumber !== undefined && { blockNumber }),
  });
}

interface TokenTransfer {
  readonly hash: Hash;
  readonly to: Address;
  readonly value: bigint;
}

/** Transfers from an address, recorded by the token, oldest first. */
export async function transfersOf(
  chain: ChainControl,
  token: Address,
  from: Address,
): Promise<readonly TokenTransfer[]> {
  const logs = parseEventLogs({
    abi: TOKEN,
    eventName: 'Transfer',
    logs: await chain.client.getLogs({ address: token, fromBlock: 0n, toBlock: 'latest' }),
  });
  return logs
    .filter(({ args }) => args.from.toLowerCase() === from.toLowerCase())
    .map(({ transactionHash, args }) => ({
      hash: transactionHash,
      to: args.to,
      value: args.value,
    }));
}

async function deploy(chain: ChainControl, data: Hex, at?: Address): Promise<Address> {
  const hash = await chain.client.sendTransaction({ account: devAccount(9), data });
  const deployed = await mined(chain, hash);
  if (deployed === null) throw new Error(`${hash} deployed nothing`);
  if (at === undefined) return deployed;
  const code = await chain.client.getCode({ address: deployed });
  if (code === undefined) throw new Error(`no code at ${deployed}`);
  await chain.client.setCode({ address: at, bytecode: code });
  return at;
}

/**
 * Returns the contract address of a mined transaction, or null. Mines blocks while the transaction
 * has no receipt.
 */
async function mined(chain: ChainControl, hash: Hash): Promise<Address | null> {
  const receipt = async () => chain.client.getTransactionReceipt({ hash }).catch(() => null);
  for (let block = 0; block < 3; block++) {
    const found = await receipt();
    if (found?.status === 'success') return found.contractAddress ?? null;
    if (found) throw new Error(`${hash} was reverted`);
    await chain.mine();
  }
  throw new Error(`${hash} was not mined`);
}

function codeOf(contract: string): Hex {
  const file = readFileSync(join(import.meta.dirname, 'bytecode.json'), 'utf8');
  const code = (JSON.parse(file) as Readonly<Record<string, unknown>>)[contract];
  if (!isHex(code)) throw new Error(`bytecode.json has no ${contract}`);
  return code;
}
