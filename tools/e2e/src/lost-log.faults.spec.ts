import { deleteRecords, recreateTopic } from '@sluice/test-servers';
import { setTimeout as sleep } from 'node:timers/promises';
import { layoutOf, type ServiceName, kafkaAccessOf } from '@sluice/stack';
import { eventually } from '@sluice/test-kit';
import { recipientOf, toAddress, toUser, type Body, type Customer } from './testkit/customer.js';
import { TestSystem } from './testkit/given-system.js';
import { emptyBroker } from './testkit/lost-data.js';

const COUNT = 12;
/** From the moment at which everybody is there again. */
const HEALED_WITHIN_MS = 60_000;

describe('what Kafka acknowledged and lost', () => {
  let sluice: TestSystem;
  let customer: Customer;
  beforeAll(async () => {
    sluice = await TestSystem.start();
  });
  beforeEach(async () => {
    customer = await sluice.customer();
  });
  afterEach(() => sluice.proveBooks());
  afterAll(() => sluice.stop());

  it('commands to a connector: each is given again and paid once', async () => {
    await freeze('connector-gateio');
    const bodies = await load();
    await reach('submitting');

    await lose(() => deleteRecords(kafka(), 'venue.gateio.commands'));
    await goOn('connector-gateio');

    await expectHealed(bodies);
  });

  it('commands to the ledger: each hold is placed and captured once', async () => {
    await freeze('ledger');
    const answering = load();
    await reach('requested');

    await lose(() => deleteRecords(kafka(), 'ledger.commands'));
    await goOn('ledger');

    await expectHealed(await answering);
  });

  it('events of a connector: what was paid is booked', async () => {
    await freeze('connector-gateio');
    const bodies = await load();
    await reach('submitting');
    await freeze('intake-api');
    await goOn('connector-gateio');
    await eventually(async () => expect(await paidOf(bodies)).toBe(COUNT), { withinMs: 40_000 });
    await settled();

    await lose(() => deleteRecords(kafka(), 'venue.gateio.events'));
    await goOn('intake-api');

    await expectHealed(bodies);
  });

  it('answers of the ledger', async () => {
    await freeze('ledger');
    const answering = load();
    await reach('requested');
    await freeze('intake-api');
    await goOn('ledger');
    await sleep(4_000); // for the ledger to join its group again and to answer all of them

    await lose(() => deleteRecords(kafka(), 'ledger.events'));
    await goOn('intake-api');

    await expectHealed(await answering);
  });

  it.each(['ledger.commands', 'ledger.events', 'venue.gateio.commands', 'venue.gateio.events'])(
    'the topic %s, deleted and made anew in the middle of load',
    async (topic) => {
      const answering = load();
      await sleep(100);

      await recreateTopic(kafka(), topic);

      await expectHealed(await answering);
    },
  );

  it('all of its log, the broker killed in the middle of load', async () => {
    const answering = load();
    await sleep(150);

    emptyBroker(layoutOf(sluice.system.home).kafka);
    await sluice.killNow('kafka');

    await expectHealed(await answering);
  });

  it('has checked some rows in every check', () => sluice.expectPopulated());

  const kafka = () => kafkaAccessOf(sluice.system.run);

  async function load(): Promise<Body[]> {
    const bodies = Array.from({ length: COUNT }, (_, index) =>
      index % 3 === 0 ? toUser() : toAddress(),
    );
    await Promise.all(bodies.map((body) => customer.postUntilAnswered(body)));
    return bodies;
  }

  async function lose(wipe: () => Promise<void>): Promise<void> {
    await sluice.outboxesDrained(); // so that what is lost was acknowledged
    await wipe();
  }

  async function expectHealed(bodies: readonly Body[]): Promise<void> {
    expect(await customer.allFinal(HEALED_WITHIN_MS)).toEqual(Array(COUNT).fill('completed'));
    expect(await paidOf(bodies)).toBe(COUNT);
  }

  async function paidOf(bodies: readonly Body[]): Promise<number> {
    const recipients = new Set(bodies.map(recipientOf));
    return (await sluice.venue.payments()).filter(({ destination }) => recipients.has(destination))
      .length;
  }

  /**
   * Stops a process while its outbox is empty: a row of a periodic report would else wait with it.
   * The wait is longer than the broker keeps a fetch open, so that no open fetch takes what is written next.
   */
  async function freeze(service: ServiceName): Promise<void> {
    await eventually(
      async () => {
        await sluice.outboxesDrained();
        await sluice.system.kill(service, 'SIGSTOP');
        if (await sluice.outboxesEmpty()) return;
        await goOn(service);
        throw new Error(`${service} wrote to its outbox just before it was stopped`);
      },
      { withinMs: 60_000, everyMs: 100 },
    );
    await sleep(6_000);
  }
  const goOn = (service: ServiceName) => sluice.system.kill(service, 'SIGCONT');

  async function reach(state: string): Promise<void> {
    await eventually(
      async () => {
        const states = (await customer.withdrawals()).map((row) => row.state);
        expect(states).toEqual(Array(COUNT).fill(state));
      },
      { withinMs: 30_000, everyMs: 100 },
    );
  }

  /** The connector has the venue's final word on all of them. */
  async function settled(): Promise<void> {
    await eventually(
      async () => {
        const open = await sluice.admin.connector('gateio').submissions();
        expect(open.filter(({ state }) => state !== 'settled')).toEqual([]);
      },
      { withinMs: 30_000, everyMs: 200 },
    );
  }
});
