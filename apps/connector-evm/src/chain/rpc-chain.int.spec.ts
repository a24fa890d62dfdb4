import {
  deployPurse,
  deployToken,
  devAccount,
  mint,
  setBlocked,
  setShut,
  startAnvil,
  type AnvilServer,
  type TokenKind,
} from '@sluice/test-servers/evm';
import { transferCalldata } from '@sluice/evm';
import { freePort } from '@sluice/test-servers';
import { parseEther, parseGwei } from 'viem';
import { testChain } from '../testing/wallet-venue.js';
import { signedTransfer } from '../testing/orders.js';
import { RpcChain } from './rpc-chain.js';

const [FROM, TO] = [devAccount(0).address, devAccount(5).address];
const CHAIN_ID = 31337;
const FEES = { maxFeePerGas: parseGwei('3'), maxPriorityFeePerGas: parseGwei('1') };

describe('a chain through one node', () => {
  let anvil: AnvilServer;
  let chain: RpcChain;
  beforeEach(async () => {
    anvil = await startAnvil({ chainId: CHAIN_ID, automine: false, finalityDepth: 4 });
    chain = new RpcChain(testChain(CHAIN_ID, [anvil.url]), { timeoutMs: 20_000 });
  });
  afterEach(async () => {
    await chain.close();
    await anvil.stop();
  });

  const native = (amount: bigint, to = TO) =>
    chain.tryTransfer({ chainId: CHAIN_ID, from: FROM, to, token: null, amount }, FEES);

  it('shows its head, and what is final by depth', async () => {
    expect(await chain.head()).toMatchObject({ number: 0n, finalNumber: -1n });
    await anvil.mine(9);

    const { hash, baseFeePerGas } = await anvil.client.getBlock({ blockNumber: 9n });
    expect(await chain.head()).toEqual({
      number: 9n,
      hash,
      baseFeePerGas,
      tip: parseGwei('1'),
      finalNumber: 7n,
    });
    expect(chain.trouble()).toEqual([]);
  });

  it('shows what is final by its own word', async () => {
    const own = new RpcChain(testChain(CHAIN_ID, [anvil.url], { finality: 'finalized' }), {
      timeoutMs: 20_000,
    });
    await anvil.mine(9);

    expect(await own.head()).toMatchObject({ number: 9n, finalNumber: 5n });
    await own.close();
  });

  it('says what became of a payment, until a reorganisation takes it away; the same bytes go again', async () => {
    const { raw, hash } = await signedTransfer(anvil, { nonce: 0 });
    await chain.head();
    expect(await chain.isKnown([hash])).toEqual(new Map([[hash, false]]));
    expect(await chain.send(raw)).toEqual({ kind: 'taken', hash });
    expect(await chain.send(raw)).toEqual({ kind: 'known', hash });
    expect(await chain.isKnown([hash])).toEqual(new Map([[hash, true]]));
    expect(await chain.receipts([hash])).toEqual(new Map([[hash, null]]));
    await anvil.mine(2);
    await chain.head();

    const receipt = (await chain.receipts([hash]))?.get(hash);
    expect(receipt).toMatchObject({ hash, blockNumber: 1n, status: 'success', gasUsed: 21_000n });
    expect(await chain.blockHash(1n)).toBe(receipt?.blockHash);
    expect(await chain.nonces([FROM, TO], 'latest')).toEqual(
      new Map([
        [FROM, 1n],
        [TO, 0n],
      ]),
    );

    await anvil.reorg(2);
    await chain.head();

    expect(await chain.receipts([hash])).toEqual(new Map([[hash, null]]));
    expect(await chain.blockHash(1n)).not.toBe(receipt?.blockHash);
    expect(await chain.isKnown([hash])).toEqual(new Map([[hash, false]]));
    expect(await chain.nonces([FROM], 'latest')).toEqual(new Map([[FROM, 0n]]));
    expect(await chain.resend(raw)).toEqual({ kind: 'taken', hash });
  });

  it('tells the classes of a refusal', async () => {
    await chain.send((await signedTransfer(anvil, { nonce: 0 })).raw);
    await anvil.mine();
    const send = async (wanted: Parameters<typeof signedTransfer>[1]) =>
      chain.send((await signedTransfer(anvil, wanted)).raw);

    expect(await send({ nonce: 0, value: 2n })).toMatchObject({ class: 'nonce_too_low' });
    expect(await send({ nonce: 1, maxFee: 1n })).toMatchObject({ class: 'underpriced' });
    expect(await send({ nonce: 1, chainId: 1 })).toMatchObject({ class: 'invalid' });
    expect(await send({ nonce: 1, gas: 20_000n })).toMatchObject({ class: 'invalid' });
    expect(await send({ nonce: 1, value: parseEther('20000') })).toMatchObject({
      kind: 'refused',
      class: 'insufficient_funds',
    });
  });

  it('tries coins: to an account, to a contract that needs more gas, to one that refuses, and more than there is', async () => {
    const purse = await deployPurse(anvil);

    expect(await native(5n)).toEqual({
      kind: 'works',
      nativeBalance: parseEther('10000'),
      tokenBalance: null,
      gasLimit: expect.any(BigInt),
    });
    const toPurse = await native(5n, purse);
    expect(toPurse.kind === 'works' && toPurse.gasLimit > 40_000n).toBe(true);
    await setShut(anvil, purse, true);
    expect(await native(5n, purse)).toMatchObject({ kind: 'refused', reason: 'would_revert' });
    expect(await native(parseEther('10001'))).toEqual({
      kind: 'short',
      balance: parseEther('10000'),
    });
  });

  it('tries at the fees that are signed: a contract that looks at the price of gas shows what it will do', async () => {
    const to = devAccount(8).address;
    // Takes everything at a price of zero, and reverts at any other.
    await anvil.client.setCode({ address: to, bytecode: '0x3a600557005b60006000fd' });

    expect(await native(5n, to)).toMatchObject({ kind: 'refused', reason: 'would_revert' });
  });

  it.each<[TokenKind, string]>([
    ['plain', 'would_revert'],
    ['silent', 'would_revert'],
    ['false', 'token_refuses'],
    ['hollow', 'token_refuses'],
    ['mute', 'would_revert'],
  ])('tries a token that is %s, and says %s where it does not pay', async (kind, reason) => {
    const token = await deployToken(anvil, kind, 6);
    await mint(anvil, token, FROM, 100n);
    const attempt = (amount: bigint) =>
      chain.tryTransfer({ chainId: CHAIN_ID, from: FROM, to: TO, token, amount }, FEES);

    expect(await attempt(100n)).toMatchObject({ kind: 'works', tokenBalance: 100n });
    expect(await attempt(101n)).toEqual({ kind: 'short', balance: 100n });
    await setBlocked(anvil, token, TO, true);
    expect(await attempt(1n)).toMatchObject({ kind: 'refused', reason });
  });

  it('refuses a token that keeps a part, also where the part is a single unit', async () => {
    const token = await deployToken(anvil, 'fee', 6);
    await mint(anvil, token, FROM, 1_000n);
    const attempt = (amount: bigint) =>
      chain.tryTransfer({ chainId: CHAIN_ID, from: FROM, to: TO, token, amount }, FEES);

    expect(await attempt(100n)).toEqual({
      kind: 'refused',
      reason: 'token_refuses',
      message: 'of 100 units the sender would lose 100 and the recipient receive 99',
    });
    expect(await attempt(99n)).toMatchObject({ kind: 'works' });
  });

  it('tries no token where there is no contract', async () => {
    const token = devAccount(7).address;
    const transfer = { chainId: CHAIN_ID, from: FROM, to: TO, token, amount: 1n };

    expect(await chain.tryTransfer(transfer, FEES)).toMatchObject({ reason: 'no_contract' });
  });

  it('tells balances as they were at a block', async () => {
    const token = await deployToken(anvil, 'plain', 6);
    await mint(anvil, token, FROM, 100n);
    await chain.head();
    const before = await anvil.head();
    const data = transferCalldata({ to: TO, amount: 40n });
    await chain.send((await signedTransfer(anvil, { nonce: 0, to: token, value: 0n, data })).raw);
    await anvil.mine();

    const now = await chain.balances(FROM, [token]);
    expect(now?.tokens).toEqual(new Map([[token, 60n]]));
    expect(now && now.native < parseEther('10000')).toBe(true);
    expect(await chain.balances(FROM, [token], before)).toEqual({
      native: parseEther('10000'),
      tokens: new Map([[token, 100n]]),
    });
    expect(await chain.balances(FROM, [devAccount(7).address])).toBeNull();
  });

  it('finds who used a nonce, by its hash and block', async () => {
    const hashes: string[] = [];
    for (const nonce of [0, 1, 2]) {
      const { raw, hash } = await signedTransfer(anvil, { nonce });
      await chain.send(raw);
      hashes.push(hash);
      await anvil.mine(7);
    }
    await chain.head();

    expect(await chain.usedBy(FROM, 0n, 19n)).toMatchObject({ hash: hashes[0], blockNumber: 1n });
    expect(await chain.usedBy(FROM, 1n, 19n)).toMatchObject({ hash: hashes[1], blockNumber: 8n });
    expect(await chain.usedBy(FROM, 2n, 15n)).toMatchObject({ hash: hashes[2], blockNumber: 15n });
    expect(await chain.usedBy(FROM, 2n, 14n)).toBeNull();
    expect(await chain.usedBy(FROM, 3n, 19n)).toBeNull();
  });

  it('asks for hundreds at once', async () => {
    const { raw, hash } = await signedTransfer(anvil, { nonce: 0 });
    await chain.send(raw);
    await anvil.mine();
    await chain.head();
    const others = Array.from(
      { length: 350 },
      (_, index) => `0x${String(index).padStart(64, '0')}` as const,
    );

    const shown = await chain.receipts([...others, hash]);

    expect(shown?.size).toBe(351);
    expect([...(shown ?? [])].filter(([, receipt]) => receipt !== null)).toHaveLength(1);
  });
});

describe('a chain whose only node is not there', () => {
  it('says so, and that no byte of a transaction left', async () => {
    const gone = `http://127.0.0.1:${await freePort()}/v3/s3cret`;
    const chain = new RpcChain(testChain(CHAIN_ID, [gone]), { timeoutMs: 20_000 });
    const { raw } = await signedTransfer({ chainId: CHAIN_ID }, { nonce: 0 });

    expect(await chain.head()).toBeNull();
    expect(await chain.receipts([])).toBeNull();
    expect(await chain.send(raw)).toEqual({
      kind: 'not_reached',
      cause: 'no connection: ECONNREFUSED',
    });
    expect(chain.trouble()).toEqual([`${new URL(gone).host}: no connection: ECONNREFUSED`]);
    await chain.close();
  });
});
