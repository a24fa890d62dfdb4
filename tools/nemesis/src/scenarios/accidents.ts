import { pause, type Form, type ServiceName } from '@sluice/stack';
import { injectFault } from '../faults/inject-fault.js';
import { restoreBackup, takeBackup } from '../faults/system-wide-faults.js';
import { LIES, type Fault } from '../schedule/fault.js';
import { NETWORKS } from '../system/chains.js';
import type { RunContext } from '../run/with-system.js';
import type { AccidentName } from './names.js';
import {
  ask,
  CONNECTOR,
  disturbAll,
  ended,
  EVERY_VENUE,
  OF_VENUE,
  VENUE,
  VENUE_TITLE,
  type Scenario,
} from './steps.js';

const WALLET: readonly Form[] = [
  ...(['wallet-ETH.ETH', 'wallet-USDT.ETH'] as const),
  ...(['wallet-BNB.BSC', 'wallet-USDT.BSC'] as const),
];

export const ACCIDENTS: Readonly<Record<AccidentName, Scenario>> = {
  'ledger-alone-restored': {
    about: 'only the database of the ledger is restored to a moment before the last payments',
    run: async (context) => {
      ask(context, 5, EVERY_VENUE);
      await ended(context);
      await takeBackup(context, 'a1', 'ledger');
      ask(context, 10, EVERY_VENUE);
      await ended(context);
      await restoreBackup(context, 'a1', { what: 'ledger' });
      ask(context, 3, EVERY_VENUE);
      await pause(75_000, context.ended); // waits for the comparison made each minute
    },
  },
  'database-goes-back-live': {
    about: `the database of ${VENUE_TITLE}'s connector fails over to a standby that is nine seconds behind`,
    run: (context) => goBackLive(context, CONNECTOR, OF_VENUE),
  },
  'intake-goes-back-live': {
    about: 'the database of intake-api fails over to a standby that is nine seconds behind',
    run: (context) => goBackLive(context, 'intake-api', EVERY_VENUE),
  },
  'intake-forgets-what-was-paid': {
    about:
      'the database of intake-api is restored to a moment before payments already confirmed to clients',
    run: async (context) => {
      ask(context, 5, EVERY_VENUE);
      await ended(context);
      await takeBackup(context, 'a4', 'intake-api');
      for (const form of [...EVERY_VENUE, ...EVERY_VENUE])
        context.load.askOne({ forms: [form], plain: true, unnamed: true });
      await ended(context);
      await pause(3_000, context.ended); // their steps are published
      await restoreBackup(context, 'a4', { what: 'intake-api', live: true });
      await pause(150_000, context.ended); // holds are compared when they are a minute old
    },
  },
  'refused-paid-listed-late': {
    about:
      'a venue refuses, pays anyway and lists the payment twelve seconds later; the route has another venue',
    run: async (context) => {
      await context.system.book(VENUE).settings({ listing_delay_ms: 12_000 });
      const stop = context.system.disturbVenue(VENUE, {
        requestFault: { kind: 'refuses-and-pays' },
        share: 1,
      });
      ask(context, 6, ['route']);
      await pause(45_000, context.ended);
      stop();
    },
  },
  'restore-after-failover': {
    about: `${VENUE_TITLE} refuses, the next venue pays, and then all databases are restored to a moment before the refusal`,
    run: async (context) => {
      ask(context, 3, EVERY_VENUE);
      await ended(context);
      await takeBackup(context, 'a2', 'all');
      const stop = context.system.disturbVenue(VENUE, {
        requestFault: { kind: 'refuses' },
        share: 1,
      });
      ask(context, 6, ['route']);
      await ended(context, 120_000);
      stop();
      await restoreBackup(context, 'a2', { what: 'all' });
      await pause(30_000, context.ended);
    },
  },
  'machine-clock': {
    about:
      'the clock of the whole machine jumps two minutes ahead and back while responses of venues are cut',
    run: async (context) => {
      const stop = disturbAll(context, { kind: 'cut' });
      ask(context, 10, [...EVERY_VENUE, ...WALLET]);
      await pause(2_000, context.ended);
      await inject(context, {
        group: 'clock',
        process: 'all',
        offsetMs: 120_000,
        forMs: 20_000,
        restart: false,
      });
      ask(context, 10, [...EVERY_VENUE, ...WALLET]);
      stop();
    },
  },
  'wallet-reorganised': {
    about: 'blocks with payments of the wallet are replaced by reorganisations, three times',
    run: async (context) => {
      for (let time = 0; time < 3; time += 1) {
        ask(context, 8, WALLET);
        await pause(3_000, context.ended); // payments are in blocks not yet final
        await Promise.all(
          NETWORKS.map((chain) =>
            inject(context, { group: 'chain', chain, action: 'reorg', depth: 3 }),
          ),
        );
      }
    },
  },
  'wallet-node-lies': {
    about:
      'a node of each chain reports false statuses, logs, nonces and gas prices, one after another',
    run: async (context) => {
      for (const about of LIES) {
        ask(context, 8, WALLET);
        await Promise.all(
          NETWORKS.map((chain) =>
            inject(context, {
              group: 'chain',
              chain,
              action: 'lie',
              about,
              node: 0,
              forMs: 12_000,
            }),
          ),
        );
      }
    },
  },
  'wallet-mempool-dropped': {
    about:
      'the mempools are dropped repeatedly while the wallet pays, and nodes freeze and restart',
    run: async (context) => {
      for (const chain of NETWORKS) {
        ask(context, 12, WALLET);
        await inject(context, { group: 'chain', chain, action: 'drop-pool', forMs: 8_000 });
        await inject(context, { group: 'chain', chain, action: 'freeze-node', forMs: 8_000 });
        ask(context, 6, WALLET);
        await pause(3_000, context.ended);
        await inject(context, { group: 'chain', chain, action: 'restart-node' });
      }
    },
  },
};

async function goBackLive(
  context: RunContext,
  what: ServiceName,
  forms: readonly Form[],
): Promise<void> {
  ask(context, 5, forms);
  await ended(context);
  ask(context, 30, forms);
  await pause(500, context.ended); // some are recorded but not sent yet, and are sent again
  await takeBackup(context, 'a3', what);
  ask(context, 10, forms); // no trace of them is left after the restore
  await pause(9_000, context.ended);
  await restoreBackup(context, 'a3', { what, live: true });
  await pause(20_000, context.ended);
}

async function inject(context: RunContext, fault: Fault): Promise<void> {
  const struck = await injectFault(context, { number: 0, atMs: 0, fault });
  context.note(`    ${fault.group}: struck ${struck || 'nothing'}`);
}
