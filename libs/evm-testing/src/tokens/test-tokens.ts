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
import type { ChainControl } from '../chain-control.js';
import { devAccount } from '../dev-accounts.js';

/** How a token behaves that cannot pay, or does it otherwise: TestTokens.sol says more of each. */
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

/** Deploys one and says where it is. With `at` it stands at that address (anvil only), as the real token does on its chain. */
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

/** Deploys a recipient that is a contract, which takes coins for more gas than an account does. */
export function deployPurse(chain: ChainControl): Promise<Address> {
  return deploy(chain, codeOf('Purse'));
}

/** Deploys a recipient that burns gas: as many slots are written whenever it takes coins. */
export function deployBurner(chain: ChainControl, slots: number): Promise<Address> {
  const args = [BigInt(slots)] as const;
  return deploy(chain, encodeDeployData({ abi: BURNER, bytecode: codeOf('Burner'), args }));
}

/** Puts the code of another kind in the place of a token that is there: an issuer upgrades it. Its balances stay. Anvil only. */
export async function upgradeToken(
  chain: ChainControl,
  token: Address,
  kind: TokenKind,
  decimals: number,
): Promise<void> {
  await deployToken(chain, kind, decimals, token);
}

/** Ahead of all else that waits for the same block. */
const AHEAD = {
  account: devAccount(9),
  gas: 200_000n,
  maxFeePerGas: parseGwei('2000'),
  maxPriorityFeePerGas: parseGwei('1000'),
} as const;

/** From now on, or no more, it reverts when it is sent coins. */
export async function setShut(chain: ChainControl, purse: Address, on: boolean): Promise<void> {
  const call = { address: purse, abi: PURSE, functionName: 'setShut', args: [on] } as const;
  await mined(chain, await chain.client.writeContract({ ...call, ...AHEAD }));
}

/** Makes tokens out of nothing; `value` in the token's smallest unit. */
export async function mint(
  chain: ChainControl,
  token: Address,
  to: Address,
  value: bigint,
): Promise<void> {
  const call = { address: token, abi: TOKEN, functionName: 'mint', args: [to, value] } as const;
  await mined(chain, await chain.client.writeContract({ ...call, ...AHEAD }));
}

/** Whether transfers from and to it fail, each kind of token in its way. */
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

export interface TokenTransfer {
  readonly hash: Hash;
  readonly to: Address;
  readonly value: bigint;
}

/** The token's own record of what left an address, oldest first. */
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

/** On a chain that makes no blocks by itself, one is made. */
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
