import { randomUUID } from 'node:crypto';
import { monotonicMs } from '@sluice/runtime';
import { anOrder, AUTHORITY } from '../../testkit/a-withdrawal.js';
import {
  countCases,
  published,
  violationsIn,
  type TestInstance,
} from '../../testkit/given-intake.js';
import { anEvent, type FactTrigger } from '../../testkit/inbound-events.js';
import { givenIntake, givenSaga, placeOrder } from '../../testkit/given-saga.js';
import { CancelWithdrawal } from '../cancelling/cancel-withdrawal.js';
import { WithdrawalWaiters } from '../waiting/waiters.js';
import { type Saga } from './saga.js';

describe('a withdrawal that waits for the approval of people', () => {
  let intake: TestInstance;
  let accountId: string;
  let waiters: WithdrawalWaiters;
  let saga: Saga;
  beforeAll(async () => {
    ({ intake, accountId } = await givenIntake());
    waiters = new WithdrawalWaiters(intake.service);
    saga = givenSaga(intake, { waiters });
  });
  afterAll(async () => {
    expect(await violationsIn(intake)).toEqual([]);
    await intake.close();
  });

  async function given(...facts: FactTrigger[]): Promise<string> {
    const order = anOrder({ accountId });
    await placeOrder(intake, order);
    await receive(order.id, ...facts);
    return order.id;
  }
  async function receive(id: string, ...facts: FactTrigger[]): Promise<void> {
    for (const trigger of facts) await saga.take([anEvent(id, trigger)]);
  }
  const cancel = (id: string) =>
    new CancelWithdrawal(intake.unitOfWork, waiters, AUTHORITY).run(
      id,
      'ck_1',
      { askedMs: 0, venueMs: 0 },
      monotonicMs(),
    );
  const refuseRelease = (id: string, reason = 'not_proven') =>
    saga.take([
      {
        id: randomUUID(),
        change: {
          kind: 'command_refused',
          withdrawalId: id,
          command: 'ledger.release-hold.v1',
          reason,
        },
      },
    ]);
  const typesOf = async (id: string) =>
    (await published(intake.database, id)).map(({ type }) => type.replace('.v1', '')).slice(1);
  /** Sequences of the steps that report an approval. */
  const approvedSteps = async (id: string) =>
    (await published(intake.database, id))
      .filter(({ data }) => data['approved'] === true)
      .map(({ data }) => data['sequence']);
  async function endOf(id: string) {
    const [row] = await intake.database.query<{ state: string }>(
      'SELECT state, error_message FROM withdrawal WHERE id = $1',
      [id],
    );
    const cases = await countCases(intake.database, id);
    return { ...row, cases };
  }

  it('is sent to the venue when people have approved', async () => {
    const id = await given('approval_asked');
    expect(await typesOf(id)).toEqual(['withdrawal.awaiting_approval']);
    const [step] = await intake.database.query(
      `SELECT detail FROM withdrawal_step WHERE withdrawal_id = $1 AND trigger = 'approval_asked'`,
      [id],
    );
    expect(step).toEqual({ detail: 'treasury 2; until 2026-11-21T08:00:00.000Z' });

    await receive(id, 'approval_asked', 'hold_placed', 'approval_asked', 'hold_placed');

    expect((await typesOf(id)).slice(1)).toEqual([
      'withdrawal.submitting',
      'venue.submit-withdrawal',
    ]);
    expect(await approvedSteps(id)).toEqual([2]);
    expect(await endOf(id)).toMatchObject({ state: 'submitting', cases: 0 });
  });

  it('is reported as approved by no other step', async () => {
    const paid = await given('approval_asked', 'hold_placed', 'accepted', 'settled');
    const unasked = await given('hold_placed', 'accepted');
    const refused = await given('approval_asked', 'approval_ended');

    expect(await approvedSteps(paid)).toEqual([2]);
    expect(await approvedSteps(unasked)).toEqual([]);
    expect(await approvedSteps(refused)).toEqual([]);
  });

  it('has failed without a command when the approval ends without a grant', async () => {
    const id = await given('approval_asked', 'approval_ended', 'approval_ended', 'approval_asked');
    expect((await typesOf(id)).slice(1)).toEqual(['withdrawal.failed']);
    expect(await endOf(id)).toEqual({
      state: 'failed',
      error_message: 'approval_refused',
      cases: 0,
    });
    const [failed] = (await published(intake.database, id)).slice(-1);
    expect(failed?.data).toMatchObject({
      status: 'failed',
      reason: 'approval_refused',
      errorMessage: 'The payment was not approved',
    });
  });

  it.each<[string, (id: string) => Promise<unknown>]>([
    ['while it waits', (id) => receive(id, 'approval_asked').then(() => cancel(id))],
    ['before it waits', (id) => cancel(id).then(() => receive(id, 'approval_asked'))],
  ])('is cancelled %s, when the ledger has released the hold', async (_when, before) => {
    const id = await given();
    await before(id);
    await cancel(id);

    const sent = (await published(intake.database, id)).slice(-1);
    expect(sent).toMatchObject([
      {
        topic: 'ledger.commands',
        type: 'ledger.release-hold.v1',
        data: { withdrawalId: id, accountId, reason: 'cancelled' },
      },
    ]);
    expect(sent[0]?.data).not.toHaveProperty('proof');
    expect(await endOf(id)).toMatchObject({ state: 'awaiting_approval' });

    await receive(id, 'hold_released', 'hold_released', 'approval_asked');

    expect((await typesOf(id)).slice(2)).toEqual(['withdrawal.cancelled']);
    expect(await endOf(id)).toMatchObject({ state: 'cancelled', cases: 0 });
  });

  it.each<[string, (id: string) => Promise<unknown>]>([
    ['before the approval', (id) => refuseRelease(id).then(() => receive(id, 'hold_placed'))],
    ['after the approval', (id) => receive(id, 'hold_placed').then(() => refuseRelease(id))],
    [
      'after the proof of the venue',
      (id) => receive(id, 'hold_placed', 'cancelled').then(() => refuseRelease(id)),
    ],
  ])(
    'is cancelled at the venue if the approval came first, and the ledger refuses the release %s',
    async (_when, race) => {
      const id = await given('approval_asked');
      await cancel(id);

      await race(id);

      const [submit] = (await published(intake.database, id)).filter(
        ({ type }) => type === 'venue.submit-withdrawal.v1',
      );
      expect(Date.parse(String(submit?.data['notAfter']))).toBeLessThanOrEqual(Date.now());
      expect(await typesOf(id)).toContain('venue.cancel-withdrawal');
      expect(await endOf(id)).toMatchObject({ cases: 0 });
      await receive(id, 'cancelled', 'hold_released');
      expect(await endOf(id)).toMatchObject({ state: 'cancelled', cases: 0 });
    },
  );

  it.each<[string, () => Promise<string>, string]>([
    [
      'without a cancel request',
      () => given('approval_asked', 'hold_placed', 'refused'),
      'not_proven',
    ],
    [
      'after a cancel request at the venue',
      async () => {
        const id = await given('approval_asked', 'hold_placed');
        await cancel(id);
        await receive(id, 'cancelled');
        return id;
      },
      'not_proven',
    ],
    [
      'for another reason',
      async () => {
        const id = await given('approval_asked');
        await cancel(id);
        return id;
      },
      'hold_not_found',
    ],
  ])('needs a person if the ledger refuses a release %s', async (_what, prepared, reason) => {
    const id = await prepared();
    await refuseRelease(id, reason);
    expect(await endOf(id)).toMatchObject({ cases: 1 });
  });

  it('is not released without a cancel request', async () => {
    const id = await given('approval_asked');
    await receive(id, 'hold_released');
    expect(await endOf(id)).toMatchObject({ state: 'awaiting_approval', cases: 1 });
  });
});
