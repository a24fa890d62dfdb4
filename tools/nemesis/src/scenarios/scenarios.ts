import { venueCommands, venueEvents } from '@sluice/messages';
import { pause, SIMULATED_NAMES } from '@sluice/stack';
import {
  flipUnread,
  takeBackup,
  loseLog,
  restoreBackup,
  resetGroup,
  withoutServices,
} from '../faults/system-wide-faults.js';
import type { RunContext } from '../run/with-system.js';
import { ACCIDENTS } from './accidents.js';
import type { ScenarioName } from './names.js';
import {
  ask,
  CONNECTOR,
  disturbAll,
  ended,
  EVERY_VENUE,
  OF_VENUE,
  setClock,
  VENUE,
  VENUE_TITLE,
  type Scenario,
} from './steps.js';

const COMMANDS = venueCommands(VENUE).name;
const EVENTS = venueEvents(VENUE).name;

export const SCENARIOS: Readonly<Record<ScenarioName, Scenario>> = {
  'clock-slow-2min': {
    about: `the clock of the only connector of ${VENUE_TITLE} is two minutes slow; responses are cut, and the listing lags by five seconds`,
    run: async (context) => {
      const { system } = context;
      const second = system.instance(`${CONNECTOR}.2`);
      await second.killAndStay();
      await system.book(VENUE).settings({ listing_delay_ms: 5_000 });
      setClock(context, CONNECTOR, 0);
      await pause(12_000, context.ended);
      const stop = system.disturbVenue(VENUE, { requestFault: { kind: 'cut' }, share: 1 });
      ask(context, 3, OF_VENUE); // sent with the right clock, looked up with the slow clock
      await pause(1_500, context.ended);
      setClock(context, CONNECTOR, -120_000);
      ask(context, 3, OF_VENUE);
      await pause(170_000, context.ended);
      stop();
      setClock(context, CONNECTOR, 0);
      await second.start();
    },
  },
  'late-arrival': {
    about:
      'requests are delayed on the wire for half a minute, an operator decides too early that the payments are absent, and then the requests arrive',
    run: async (context) => {
      const stop = disturbAll(context, { kind: 'late', ms: 30_000 });
      ask(context, 10, EVERY_VENUE);
      await pause(6_000, context.ended);
      stop();
      await pause(40_000, context.ended);
    },
  },
  'captured-request-twice': {
    about:
      'signed requests without a reference are captured on the wire and replayed after a minute, while the clock of one intake-api is ten minutes fast',
    run: async (context) => {
      setClock(context, 'intake-api', 600_000, 1);
      await pause(15_000, context.ended);
      for (let count = 0; count < 12; count += 1)
        context.load.askOne({ forms: OF_VENUE, plain: true, capturedAfterMs: 75_000 });
      await pause(100_000, context.ended);
      setClock(context, 'intake-api', 0, 1);
    },
  },
  'flipped-byte': {
    about:
      'one digit of an amount changes in a log segment before the record is read: in a command to a connector, and in a command to the ledger',
    run: async (context) => {
      for (const [topic, reader] of [
        [COMMANDS, CONNECTOR],
        ['ledger.commands', 'ledger'],
      ] as const) {
        const flipping = flipUnread(context, topic, reader);
        await pause(2_500, context.ended);
        ask(context, 3, OF_VENUE.slice(0, 1));
        context.note(`    ${(await flipping) ?? 'nothing was flipped'}`);
        await pause(10_000, context.ended);
      }
    },
  },
  'restore-all': {
    about:
      'all databases are restored to a moment before the last payments; clients repeat their requests with their references',
    run: async (context) => {
      ask(context, 5, EVERY_VENUE);
      await ended(context);
      await takeBackup(context, 's1', 'all');
      ask(context, 20, EVERY_VENUE);
      await ended(context);
      await restoreBackup(context, 's1', { what: 'all' });
    },
  },
  'restore-connector': {
    about: `only the database of ${VENUE_TITLE}'s connector is restored, with payments under way`,
    run: (context) => restoreConnector(context, false),
  },
  'group-reset': {
    about: `the database of ${VENUE_TITLE}'s connector is restored, and its consumer group reads everything again`,
    run: (context) => restoreConnector(context, true),
  },
  'refuses-and-pays': {
    about:
      'venues respond with a refusal and pay anyway; some orders have another venue in the route',
    run: async (context) => {
      const stop = disturbAll(context, { kind: 'refuses-and-pays' });
      ask(context, 12, ['route', ...EVERY_VENUE]);
      await pause(10_000, context.ended);
      stop();
    },
  },
  'log-wiped': {
    about:
      'unread records are deleted: commands to a connector, commands to the ledger, events of the connectors',
    run: async (context) => {
      for (const [service, topic] of [
        [CONNECTOR, COMMANDS],
        ['ledger', 'ledger.commands'],
        ['intake-api', EVENTS],
      ] as const) {
        if (service === 'intake-api') {
          await context.system.book(VENUE).settings({ status_ms: 4_000 });
          ask(context, 5, OF_VENUE);
          await pause(3_000, context.ended);
        }
        await withoutServices(context.system, [service], async () => {
          if (service !== 'intake-api') ask(context, 5, OF_VENUE);
          await pause(18_000, context.ended);
          await loseLog(context, 'delete-records', [topic]);
        });
        await context.system.book(VENUE).settings({ status_ms: 150 });
      }
    },
  },
  'log-truncated': {
    about:
      'the broker restarts without the last records, which were already read; new records get offsets below the committed offsets',
    run: async (context) => {
      ask(context, 12, EVERY_VENUE);
      await ended(context);
      await pause(6_000, context.ended);
      await loseLog(context, 'cut-tails', [
        'ledger.commands',
        'ledger.events',
        ...SIMULATED_NAMES.map((venue) => venueEvents(venue).name),
        ...SIMULATED_NAMES.map((venue) => venueCommands(venue).name),
      ]);
      ask(context, 20, EVERY_VENUE);
      await pause(10_000, context.ended);
    },
  },
  ...ACCIDENTS,
};

async function restoreConnector(context: RunContext, andItsGroup: boolean): Promise<void> {
  ask(context, 5, OF_VENUE);
  await ended(context);
  await takeBackup(context, 's2', CONNECTOR);
  ask(context, 12, OF_VENUE);
  await ended(context);
  await context.system.book(VENUE).settings({ status_ms: 8_000 });
  ask(context, 5, OF_VENUE);
  await pause(3_000, context.ended);
  await restoreBackup(context, 's2', { what: CONNECTOR });
  if (andItsGroup) await resetGroup(context.system, CONNECTOR);
  await context.system.book(VENUE).settings({ status_ms: 150 });
  await pause(10_000, context.ended);
}
