import type { ChainBook } from '@sluice/stack';
import { eventually } from '@sluice/test-kit';
import { numberOf, recipientOf, toAddress, type Customer } from './testkit/customer.js';
import { TestSystem } from './testkit/given-system.js';

/** Blocks come by the clock, final is four of them deep, and all of it runs twice on this machine. */
const FINAL_MS = 180_000;
/** Of the coin and of a token, each. */
const BURST = 15;

describe('two instances of our own wallet', () => {
  let sluice: TestSystem;
  let customer: Customer;
  let book: ChainBook;
  beforeAll(async () => {
    sluice = await TestSystem.startWith({ more: ['wallet'], instances: 2 });
    customer = await sluice.customer();
    await customer.fund('100', 'ETH', 'ETH');
    book = sluice.chainBooks.ETH;
  });
  afterEach(() => sluice.proveBooks());
  afterAll(() => sluice.stop());

  // The connector twice: whichever of the two follows the chain, both have died once.
  it.each([
    ['connector-evm', 'the instance started first'],
    ['signer', 'what its connector asks'],
    ['connector-evm', 'what has come back beside the other one'],
  ] as const)(
    'one %s is killed -9 in the middle of a burst (%s): each withdrawal is paid, once',
    async (service, _which) => {
      const bodies = Array.from({ length: BURST }, () => [
        toAddress({ venue: 'wallet' }),
        toAddress({ venue: 'wallet', currency: 'ETH', amount: '0.25' }),
      ]).flat();
      const before = (await book.payments()).length;
      const posting = Promise.all(bodies.map((body) => customer.postUntilAnswered(body)));
      await eventually(
        async () => expect((await book.payments()).length).toBeGreaterThan(before + 5),
        { withinMs: 60_000, everyMs: 20 },
      );

      await sluice.killOne(service);

      const answers = await posting;
      const done = await Promise.all(
        answers.map((answer) => customer.isFinal(numberOf(answer), FINAL_MS)),
      );
      expect(done.map(({ state }) => state)).toEqual(bodies.map(() => 'completed'));
      const paid = Map.groupBy(await book.payments(), ({ destination }) =>
        destination.toLowerCase(),
      );
      expect(bodies.map((body) => paid.get(recipientOf(body).toLowerCase())?.length)).toEqual(
        bodies.map(() => 1),
      );
    },
  );
});
