import { anOrder } from '../../testkit/a-withdrawal.js';
import { countCases, published, type TestInstance } from '../../testkit/given-intake.js';
import { A_MAC, anEvent, type FactTrigger } from '../../testkit/inbound-events.js';
import { givenIntake, placeOrder } from '../../testkit/given-saga.js';
import { type Saga } from './saga.js';

const PAID: readonly FactTrigger[] = ['hold_placed', 'accepted', 'settled'];

describe('a payment that comes back', () => {
  let intake: TestInstance;
  let accountId: string;
  let saga: Saga;
  beforeAll(async () => void ({ intake, accountId, saga } = await givenIntake()));
  afterAll(() => intake.close());

  async function place(): Promise<string> {
    const order = anOrder({ accountId });
    await placeOrder(intake, order);
    return order.id;
  }
  async function receive(id: string, ...triggers: readonly FactTrigger[]): Promise<void> {
    for (const trigger of triggers) await saga.take([anEvent(id, trigger)]);
  }
  const credits = async () =>
    (await published(intake.database)).filter(({ type }) => type === 'ledger.return-payment.v1');
  const creditsOf = async (id: string) =>
    (await credits()).filter(({ data }) => data['withdrawalId'] === id);
  const steps = async (id: string) =>
    (await published(intake.database, id))
      .map(({ type }) => type)
      .filter((type) => /^withdrawal\.(completed|returned)\./.test(type));
  const row = async (id: string) =>
    (
      await intake.database.query(
        `SELECT state, trim_scale(returned_amount)::text AS amount, returned_at IS NOT NULL AS credited,
                (SELECT array_agg(e.state) FROM ended_withdrawal e WHERE e.number = w.number) AS listed,
                EXISTS (SELECT FROM open_withdrawal o WHERE o.id = w.id) AS open
           FROM withdrawal w WHERE id = $1`,
        [id],
      )
    )[0];

  it('is credited by one command with the proof, however often the facts are repeated', async () => {
    const id = await place();
    await receive(id, ...PAID, 'hold_captured', 'returned', 'returned');
    expect(await row(id)).toEqual({
      state: 'returning',
      amount: '1',
      credited: false,
      listed: null,
      open: true,
    });

    await receive(id, 'return_booked', 'returned', 'return_booked', 'settled', 'hold_captured');

    expect(await creditsOf(id)).toMatchObject([{ data: { amount: '1', proof: A_MAC } }]);
    expect(await steps(id)).toEqual(['withdrawal.completed.v1', 'withdrawal.returned.v1']);
    expect(await row(id)).toMatchObject({
      state: 'returned',
      credited: true,
      listed: ['returned'],
    });
    expect(await countCases(intake.database, id)).toBe(0);
  });

  it('before its booking is credited after the booking, once', async () => {
    const id = await place();
    await receive(id, ...PAID, 'returned', 'returned');
    expect(await creditsOf(id)).toEqual([]);
    expect(await row(id)).toMatchObject({ state: 'capturing', amount: '1' });

    await receive(id, 'hold_captured', 'hold_captured', 'returned');

    expect(await creditsOf(id)).toMatchObject([{ data: { amount: '1', proof: A_MAC } }]);
    expect(await steps(id)).toEqual(['withdrawal.completed.v1']);
  });

  it('is a case without a payment, and no credit', async () => {
    const id = await place();
    await receive(id, 'hold_placed', 'refused', 'hold_released', 'returned');

    expect(await creditsOf(id)).toEqual([]);
    expect(await countCases(intake.database, id)).toBe(1);
  });
});
