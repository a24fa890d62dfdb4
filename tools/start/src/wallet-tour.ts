import { setTimeout as sleep } from 'node:timers/promises';
import type { IntakeClient, RunFile } from '@sluice/stack';
import type { DemoDriver, Shown, Wanted } from './demo-driver.js';
import { printConfirmations } from './print-demo.js';

type Chains = NonNullable<RunFile['chains']>;
type Network = keyof Chains;

const ADDRESS = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
const OPEN_WITHIN_MS = 30_000;
/** Each call of the client counts as a second of its signatures' time. */
const ASK_MS = 1_000;

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

/** Pays from the wallet on each chain, and prints how the confirmations of each count up, as a product team sees it. Nothing where no chain runs here. */
export function payFromWallet(
  { chains }: RunFile,
  driver: DemoDriver,
  reference: string,
): readonly Promise<Shown>[] {
  if (!chains) return [];
  return wantedOf(reference).map(async (wanted) => {
    await walletOpen(driver, wanted.network);
    const confirmations = new Confirmations(driver.client, wanted.label);
    try {
      return await driver.pay(wanted, ({ to }, number) => {
        if (to === 'broadcast') confirmations.follow(number);
      });
    } finally {
      await confirmations.stop();
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

/** The confirmations of a withdrawal as the public API has them; printed whenever they have changed. */
class Confirmations {
  private looking: Promise<void> | undefined;
  private stopped = false;
  private last = 0;

  constructor(
    private readonly client: IntakeClient,
    private readonly label: string,
  ) {}

  follow(number: number): void {
    this.looking ??= this.look(number);
  }

  /** After a last look, at how many there were in the end. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.looking;
  }

  private async look(number: number): Promise<void> {
    for (let isLast = false; !isLast;) {
      isLast = this.stopped;
      const { data } = await this.client.call('GET', `/v1/withdrawals/${number}`);
      const { confirmations, block_number: block } = (data ?? {}) as Partial<InBlock>;
      if (confirmations && block && confirmations > this.last) {
        this.last = confirmations;
        printConfirmations(this.label, block, confirmations);
      }
      if (!isLast) await sleep(ASK_MS);
    }
  }
}

interface InBlock {
  readonly confirmations: number | null;
  readonly block_number: number | null;
}
