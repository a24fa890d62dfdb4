import { setTimeout as sleep } from 'node:timers/promises';
import {
  flipUnread,
  keepMoment,
  loseLog,
  putBack,
  resetGroup,
  withoutServices,
} from '../act/great.js';
import type { Form } from '../load/orders.js';
import { hasty } from '../settings.js';
import type { Cast } from '../stage-up.js';
import { instancesOf, type Service } from '../world/names.js';
import type { ScenarioName } from './names.js';

export interface Scenario {
  /** The accident, in a sentence. */
  readonly about: string;
  play(cast: Cast): Promise<void>;
}

const GATEIO: readonly Form[] = ['gateio-address', 'gateio-uid'];
const EVERY_VENUE: readonly Form[] = [
  'gateio-address',
  'gateio-uid',
  'bitmart-address',
  'bybit-address',
  'upvest',
];
const MOST_WAIT_MS = 60_000;

export const SCENARIOS: Readonly<Record<ScenarioName, Scenario>> = {
  'clock-slow-2min': {
    about:
      'the clock of the only connector of Gate.io is two minutes slow; answers are cut, the listing lags five seconds',
    play: async (cast) => {
      const { world } = cast;
      const [first, second] = [
        world.instance('connector-gateio.1'),
        world.instance('connector-gateio.2'),
      ];
      await second.killAndStay();
      first.setEnvironment(hasty(12_000));
      await world.book('gateio').settings({ listing_delay_ms: 5_000 });
      setClock(cast, 'connector-gateio', 0);
      await pause(cast, 12_000);
      const stop = world.meddle('gateio', { mischief: { kind: 'cut' }, share: 1 });
      ask(cast, 3, GATEIO); // sent while it is right, looked up while it is slow
      await pause(cast, 1_500);
      setClock(cast, 'connector-gateio', -120_000);
      ask(cast, 3, GATEIO);
      await pause(cast, 170_000);
      stop();
      first.setEnvironment({});
      setClock(cast, 'connector-gateio', 0);
      await second.start();
    },
  },
  'late-arrival': {
    about:
      'requests lie on the wire for half a minute, are given up as absent by a person who is too quick, and then arrive',
    play: async (cast) => {
      const stops = (['gateio', 'bitmart', 'bybit', 'upvest'] as const).map((venue) =>
        cast.world.meddle(venue, { mischief: { kind: 'late', ms: 30_000 }, share: 1 }),
      );
      ask(cast, 10, EVERY_VENUE);
      await pause(cast, 6_000);
      for (const stop of stops) stop();
      await pause(cast, 40_000);
    },
  },
  'captured-request-twice': {
    about:
      'signed requests without a reference are heard on the wire and sent again after a minute, while one intake is ten minutes fast',
    play: async (cast) => {
      setClock(cast, 'intake-api', 600_000, 1);
      await pause(cast, 15_000);
      for (let count = 0; count < 12; count += 1)
        cast.load.askOne({ forms: GATEIO, plain: true, capturedAfterMs: 75_000 });
      await pause(cast, 100_000);
      setClock(cast, 'intake-api', 0, 1);
    },
  },
  'flipped-byte': {
    about:
      'one digit of an amount changes in a segment of the log before it is read: in a command to a connector, and in one to the ledger',
    play: async (cast) => {
      for (const [topic, reader] of [
        ['venue.gateio.commands', 'connector-gateio'],
        ['ledger.commands', 'ledger'],
      ] as const) {
        const flipping = flipUnread(cast, topic, reader);
        await pause(cast, 2_500);
        ask(cast, 3, ['gateio-address']);
        cast.note(`    ${(await flipping) ?? 'nothing was flipped'}`);
        await pause(cast, 10_000);
      }
    },
  },
  'restore-all': {
    about:
      'all databases are put back to before the last payments; clients ask again with their references',
    play: async (cast) => {
      ask(cast, 5, EVERY_VENUE);
      await ended(cast);
      await keepMoment(cast, 's1', 'all');
      ask(cast, 20, EVERY_VENUE);
      await ended(cast);
      await putBack(cast, 's1', 'all');
    },
  },
  'restore-connector': {
    about: "the database of Gate.io's connector alone is put back, with payments under way",
    play: (cast) => restoreConnector(cast, false),
  },
  'group-reset': {
    about:
      "the database of Gate.io's connector is put back, and its consumer group reads everything again",
    play: (cast) => restoreConnector(cast, true),
  },
  'says-no-and-pays': {
    about:
      'venues answer with a plain no to what they pay; some orders could go on to the next venue',
    play: async (cast) => {
      const stops = (['gateio', 'bitmart', 'bybit', 'upvest'] as const).map((venue) =>
        cast.world.meddle(venue, { mischief: { kind: 'says-no-and-pays' }, share: 1 }),
      );
      ask(cast, 12, ['route', ...EVERY_VENUE]);
      await pause(cast, 10_000);
      for (const stop of stops) stop();
    },
  },
  'log-wiped': {
    about:
      'records that nobody has read are deleted: commands to a connector, commands to the ledger, facts of the connectors',
    play: async (cast) => {
      for (const [service, topic] of [
        ['connector-gateio', 'venue.gateio.commands'],
        ['ledger', 'ledger.commands'],
        ['intake-api', 'venue.events'],
      ] as const) {
        if (service === 'intake-api') {
          await cast.world.book('gateio').settings({ status_ms: 4_000 });
          ask(cast, 5, GATEIO);
          await pause(cast, 3_000);
        }
        await withoutServices(cast.world, [service], async () => {
          if (service !== 'intake-api') ask(cast, 5, GATEIO);
          await pause(cast, 18_000);
          await loseLog(cast, 'delete-records', [topic]);
        });
        await cast.world.book('gateio').settings({ status_ms: 150 });
      }
    },
  },
  'log-truncated': {
    about:
      'the broker comes back without the last records that were read already; the next ones lie below what the groups have committed',
    play: async (cast) => {
      ask(cast, 12, EVERY_VENUE);
      await ended(cast);
      await pause(cast, 6_000);
      await loseLog(cast, 'cut-tails', [
        'ledger.commands',
        'ledger.events',
        'venue.events',
        'venue.gateio.commands',
        'venue.bitmart.commands',
        'venue.bybit.commands',
        'venue.upvest.commands',
      ]);
      ask(cast, 20, EVERY_VENUE);
      await pause(cast, 10_000);
    },
  },
};

async function restoreConnector(cast: Cast, andItsGroup: boolean): Promise<void> {
  ask(cast, 5, GATEIO);
  await ended(cast);
  await keepMoment(cast, 's2', 'gateio');
  ask(cast, 12, GATEIO);
  await ended(cast);
  await cast.world.book('gateio').settings({ status_ms: 8_000 });
  ask(cast, 5, GATEIO);
  await pause(cast, 3_000);
  await putBack(cast, 's2', 'gateio');
  if (andItsGroup) await resetGroup(cast.world, 'connector-gateio');
  await cast.world.book('gateio').settings({ status_ms: 150 });
  await pause(cast, 10_000);
}

function ask({ load }: Cast, count: number, forms: readonly Form[]): void {
  for (let index = 0; index < count; index += 1)
    load.askOne({ forms: [forms[index % forms.length] ?? 'route'], plain: true });
}

/** From its next life on, which begins now. */
function setClock(
  { world }: Cast,
  service: Service,
  offsetMs: number,
  only: 1 | 2 | undefined = 1,
): void {
  const [first, second] = instancesOf(service);
  const name = only === 2 ? second : first;
  if (name === undefined) return;
  const instance = world.instance(name);
  instance.setClock(offsetMs);
  world.doomed.add(name);
  instance.kill();
}

async function ended(cast: Cast): Promise<void> {
  for (const until = Date.now() + MOST_WAIT_MS; Date.now() < until && cast.load.open().length > 0;)
    await pause(cast, 300);
}

async function pause({ ended: stop }: Cast, ms: number): Promise<void> {
  await sleep(ms, undefined, { signal: stop }).catch(() => undefined);
}
