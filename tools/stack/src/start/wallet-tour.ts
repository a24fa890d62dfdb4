import { setTimeout as sleep } from 'node:timers/promises';
import type { SignedClient } from '../clients/signed-client.js';
import type { RunFile } from '../layout/run-file.js';
import type { DemoDriver, Shown, Wanted } from './demo-driver.js';
import { printConfirmations } from './print-demo.js';

type Chains = NonNullable<RunFile['chains']>;
type Network = keyof Chains;

const ADDRESS = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
const OPEN_WITHIN_MS = 30_000;
/** Poll interval in ms: each call of the client uses up a second of signature timestamps. */
const ASK_MS = 1_000;

/** Withdrawals of the native coin on a chain, and of a token on the other chain. */
function wantedOf(
  reference: string,
  first: number,
): readonly (Wanted & { readonly network: Network })[] {
  const common = { venue: 'wallet', to_address: ADDRESS };
  return [
    {
      label: `#${first}`,
      title: '0.02 ETH from our own wallet',
      network: 'ETH',
      body: {
        ...common,
        currency: 'ETH',
        network: 'ETH',
        amount: '0.02',
        client_reference: `tour-wallet-coin-${reference}`,
      },
    },
    {
      label: `#${first + 1}`,
      title: '15 USDT on BSC from our own wallet',
      network: 'BSC',
      body: {
        ...common,
        currency: 'USDT',
        network: 'BSC',
        amount: '15',
        client_reference: `tour-wallet-token-${reference}`,
      },
    },
  ];
}

/**
 * Pays from the wallet on each chain; `first` is the number of the first label. Prints the growing number of confirmations, as visible to a
 * product team. Returns an empty list if the stack has no chains.
 */
export function payFromWallet(
  { chains }: RunFile,
  driver: DemoDriver,
  reference: string,
  first: number,
): readonly Promise<Shown>[] {
  if (!chains) return [];
  return wantedOf(reference, first).map(async (wanted) => {
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

/**
 * Waits for the route to the wallet, opened by the first message of the wallet's connector. Throws
 * after a timeout.
 */
async function walletOpen({ client }: DemoDriver, network: Network): Promise<void> {
  const target = `/v1/hot-wallet-address?network=${network}`;
  for (const until = Date.now() + OPEN_WITHIN_MS; Date.now() < until; await sleep(ASK_MS)) {
    const { status } = await client.call('GET', target);
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
    private readonly client: SignedClient,
    private readonly label: string,
  ) {}

  follow(number: number): void {
    this.looking ??= this.look(number);
  }

  /** Stops after a last query, to print the final number. */
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
