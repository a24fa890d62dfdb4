import { processTime, Secret } from '@sluice/runtime';
import { devAccount, startAnvil, type ChainServer } from '@sluice/test-servers/evm';
import { createLogger, SelfChecks } from '@sluice/service-shell';
import { freePort, newServiceKey } from '@sluice/test-servers';
import type { Address } from 'viem';
import { WalletChains } from '../chain/wallet-chains.js';
import { WalletFunds } from '../lanes/wallet-funds.js';
import { Signer } from '../sending/signer.js';
import { WalletSelfChecks } from './wallet-self-checks.js';

const SLOW = 120_000;
const POOR: Address = '0x101FBE809873fC21a12Cf295D1b48E6720d3171a';

describe('what connector-evm looks at for the doctor, at real nodes', () => {
  let chain: ChainServer;
  let other: ChainServer;
  let nowhere: string;
  beforeAll(async () => {
    chain = await startAnvil({ chainId: 31337, automine: false });
    other = await startAnvil({ chainId: 1, automine: false });
    nowhere = `http://127.0.0.1:${await freePort()}`;
  }, SLOW);
  afterAll(() => Promise.all([chain.stop(), other.stop()]));

  async function seen(rpcUrls: readonly string[], wallet: Address) {
    const checks = new SelfChecks();
    const config = {
      outgoingProxyUrl: new Secret(''),
      outgoingNoProxy: [],
      signerUrl: nowhere,
      internalCaFile: null,
      serviceKey: new Secret(newServiceKey().privateKey),
      chains: [
        {
          network: 'ETH',
          chainId: 31337,
          rpcUrls,
          finality: { confirmations: 2 },
          fees: {
            maxFeeCapGwei: '500',
            tipGwei: '1',
            bumpPercent: 12.5,
            stuckAfterBlocks: 6,
            recipientGasLimit: 100_000,
          },
          native: { currency: 'ETH' },
          tokens: [],
          wallets: [{ address: wallet, purpose: 'hot' as const }],
        },
      ],
    };
    const chains = new WalletChains(config, createLogger('connector-evm', 'silent'));
    const caller = { name: 'connector-evm', clock: { now: processTime } };
    const signer = new Signer(config, caller, { held: { text: null } });
    new WalletSelfChecks(checks, chains, new WalletFunds(chains), signer);
    const report = await checks.run();
    await chains.onApplicationShutdown();
    return report;
  }

  it(
    'names a node that does not answer, one of another chain, an address without gas, and a signer that is away',
    async () => {
      const { findings, unchecked } = await seen([chain.url, other.url, nowhere], POOR);

      expect(unchecked).toEqual([]);
      expect(findings.map(({ code }) => code)).toEqual([
        'chain-node-wrong',
        'chain-node-wrong',
        'wallet-without-gas',
        'signer-away',
      ]);
      expect(findings[0]?.wrong).toContain('is on chain 1, not 31337');
      expect(findings[1]?.wrong).toContain('ECONNREFUSED');
      expect(findings[2]?.wrong).toContain(`${POOR} (hot) on ETH has 0 ETH`);
    },
    SLOW,
  );

  it(
    'names the code at an address of ours, also of a delegation',
    async () => {
      const { address } = devAccount(2);
      await chain.client.setCode({ address, bytecode: `0xef0100${'ab'.repeat(20)}` });

      const { findings } = await seen([chain.url], address);

      expect(findings.map(({ code }) => code)).toEqual(['wallet-with-code', 'signer-away']);
      expect(findings[0]?.wrong).toContain(`${address} on ETH has the code 0xef0100abab`);
    },
    SLOW,
  );

  it(
    'says that no node is believed, and looks at no gas then',
    async () => {
      const { findings, unchecked } = await seen([nowhere], POOR);

      expect(findings.map(({ code }) => code)).toEqual(['chain-not-believed', 'signer-away']);
      expect(unchecked).toEqual([{ what: 'gas on ETH', because: 'no node can be believed' }]);
    },
    SLOW,
  );

  it(
    'finds nothing wrong with a chain that does well',
    async () => {
      const { findings, checked } = await seen([chain.url], devAccount(1).address);

      expect(findings.map(({ code }) => code)).toEqual(['signer-away']);
      expect(checked).toEqual(['nodes of ETH', 'gas on ETH', 'signer']);
    },
    SLOW,
  );
});
