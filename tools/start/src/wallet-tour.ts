import { setTimeout as sleep } from 'node:timers/promises';
import { ChainControl } from '@sluice/evm-testing';
import type { RunFile } from '@sluice/stack';
import type { DemoDriver, Shown, Wanted } from './demo-driver.js';
import { printConfirmations } from './print-demo.js';

type Chains = NonNullable<RunFile['chains']>;
type Network = keyof Chains;

const ADDRESS = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
const OPEN_WITHIN_MS = 30_000;
/** Each call of the client counts as a second of its signatures' time. */
const ASK_MS = 1_000;
const LOOK_MS = 200;

/** The chain's own coin on one chain, a token on the other. */
function wantedOf(reference: string): readonly (Wanted & { readonly network: Network })[] {
  const common = { venue: 'wallet', to_address: ADDRESS };
  return [
    {
      label: '#8',
      title: '0.02 ETH from our own wallet',
      network: 'ETH',
      body: {
        ...{ ...common, currency: 'ETH', network: 'ETH', amount: '0.02' },
        client_reference: `tour-wallet-coin-${reference}`,
      },
    },
    {
      label: '#9',
      title: '15 USDT on BSC from our own wallet',
      network: 'BSC',
      body: {
        ...{ ...common, currency: 'USDT', network: 'BSC', amount: '15' },
        client_reference: `tour-wallet-token-${reference}`,
      },
    },
  ];
}

/** Pays from the wallet on each chain, and prints how deep each payment is, as the chain itself says. Nothing where no chain runs here. */
export function payFromWallet(
  { chains }: RunFile,
  driver: DemoDriver,
  reference: string,
): readonly Promise<Shown>[] {
  if (!chains) return [];
  return wantedOf(reference).map(async (wanted) => {
    await walletOpen(driver, wanted.network);
    const depth = new Depth(chains[wanted.network], wanted.label);
    try {
      return await driver.pay(wanted, ({ to, detail }) => {
        if (to === 'broadcast' && detail !== null) depth.follow(detail);
      });
    } finally {
      await depth.stop();
    }
  });
}

/** A route to the wallet opens with the first word of its connector. */
async function walletOpen({ client }: DemoDriver, network: Network): Promise<void> {
  const query = `network=${network}`;
  for (const until = Date.now() + OPEN_WITHIN_MS; Date.now() < until; await sleep(ASK_MS)) {
    const { status } = await client.call('GET', '/v1/hot-wallet-address', { query });
    if (status === 200) return;
  }
  throw new Error(`after ${OPEN_WITHIN_MS / 1000} s no hot wallet pays on ${network}`);
}

/** How many blocks a transaction is in, that it is in among them; printed whenever that has changed. */
class Depth {
  private readonly chain: ChainControl;
  private looking: Promise<void> | undefined;
  private stopped = false;
  private last = 0n;

  constructor(
    { rpc_url, chain_id }: Chains[Network],
    private readonly label: string,
  ) {
    this.chain = new ChainControl(rpc_url, chain_id);
  }

  /** Of the first hash that is told; here nothing is sent again for a better price. */
  follow(hash: string): void {
    this.looking ??= this.look(hash as `0x${string}`);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.looking;
  }

  private async look(hash: `0x${string}`): Promise<void> {
    for (; !this.stopped; await sleep(LOOK_MS)) {
      const receipt = await this.chain.client.getTransactionReceipt({ hash }).catch(() => null);
      if (receipt === null) continue;
      const deep = (await this.chain.head()) - receipt.blockNumber + 1n;
      if (deep <= this.last) continue;
      this.last = deep;
      printConfirmations(this.label, receipt.blockNumber, deep);
    }
  }
}
