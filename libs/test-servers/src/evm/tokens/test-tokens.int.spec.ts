import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseEther, parseAbi } from 'viem';
import { devAccount, startAnvil, type AnvilServer } from '../chains/start-anvil.js';
import {
  deployPurse,
  deployToken,
  mint,
  setBlocked,
  setShut,
  tokenBalance,
  transfersOf,
  type TokenKind,
} from './test-tokens.js';

const [holder, recipient] = [devAccount(1), devAccount(2).address];
const ERC20 = parseAbi([
  'function transfer(address to, uint256 value)',
  'function decimals() view returns (uint8)',
]);

describe('the tokens of the tests', () => {
  let chain: AnvilServer;
  beforeAll(async () => void (chain = await startAnvil({ chainId: 31337 })));
  afterAll(() => chain.stop());

  async function holding(kind: TokenKind, decimals = 6): Promise<`0x${string}`> {
    const token = await deployToken(chain, kind, decimals);
    await mint(chain, token, holder.address, 1_000n);
    return token;
  }

  async function transfer(token: `0x${string}`, value: bigint): Promise<'success' | 'reverted'> {
    const hash = await chain.client.writeContract({
      account: holder,
      address: token,
      abi: ERC20,
      functionName: 'transfer',
      args: [recipient, value],
      gas: 200_000n,
    });
    return (await chain.client.waitForTransactionReceipt({ hash, pollingInterval: 50 })).status;
  }

  it('are what solc makes of their source', async () => {
    const script = join(import.meta.dirname, 'compile-tokens.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [script], {
      maxBuffer: 1 << 24,
    });

    expect(JSON.parse(stdout)).toEqual(
      JSON.parse(readFileSync(join(import.meta.dirname, 'bytecode.json'), 'utf8')),
    );
  });

  it.each(['plain', 'silent', 'false', 'hollow'] as const)(
    '%s moves an available amount, and logs the transfer',
    async (kind) => {
      const token = await holding(kind);

      expect(await transfer(token, 300n)).toBe('success');

      expect(await tokenBalance(chain, token, recipient)).toBe(300n);
      expect(await transfersOf(chain, token, holder.address)).toMatchObject([
        { to: recipient, value: 300n },
      ]);
    },
  );

  it.each([
    ['plain', 'reverted'],
    ['silent', 'reverted'],
    ['false', 'success'],
    ['hollow', 'success'],
  ] as const)('%s ends as %s without a payment', async (kind, status) => {
    const token = await holding(kind);
    await setBlocked(chain, token, recipient, true);

    expect(await transfer(token, 300n)).toBe(status);

    expect(await tokenBalance(chain, token, recipient)).toBe(0n);
    expect(await transfersOf(chain, token, holder.address)).toEqual([]);
  });

  it('fee pays less than it was asked to', async () => {
    const token = await holding('fee');

    await transfer(token, 300n);

    expect(await tokenBalance(chain, token, recipient)).toBe(297n);
  });

  it('have the address and the decimals of a real token', async () => {
    const at = '0x55d398326f99059fF775485246999027B3197955';

    await deployToken(chain, 'plain', 18, at);
    await mint(chain, at, holder.address, 5n);

    const read = { address: at, abi: ERC20, functionName: 'decimals' } as const;
    expect(await chain.client.readContract(read)).toBe(18);
    expect(await tokenBalance(chain, at, holder.address)).toBe(5n);
  });

  it('a purse takes coins for more gas than an account, and none when it is shut', async () => {
    const purse = await deployPurse(chain);
    const give = { account: holder.address, to: purse, value: parseEther('1') };

    expect(await chain.client.estimateGas(give)).toBeGreaterThan(40_000n);

    await setShut(chain, purse, true);
    await expect(chain.client.estimateGas(give)).rejects.toThrow(/shut/);
  });
});
