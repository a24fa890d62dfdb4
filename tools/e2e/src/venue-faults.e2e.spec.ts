import type { DecideDto, WithdrawalDto } from '@sluice/http-api';
import { eventually, type SimulatedPayment } from '@sluice/test-kit';
import {
  freshAddress,
  freshUid,
  numberOf,
  recipientOf,
  toAddress,
  toUser,
  type Body,
  type Customer,
} from './testkit/customer.js';
import { SHORT_HANG_MS, TestSystem } from './testkit/given-system.js';
import { operate } from './testkit/operate.js';
import { remainsTrue } from './testkit/remains-true.js';

const CHAIN = 'POST /withdrawals';
const PUSH = 'POST /withdrawals/push';
const CHAIN_LIST = 'GET /wallet/withdrawals';
const PUSH_LIST = 'GET /wallet/push';
const NEVER_GIVEN_UP = ['releasing', 'failed', 'cancelling', 'cancelled', 'rejected'];

describe('faults of the venue', () => {
  let sluice: TestSystem;
  let customer: Customer;
  let person: NodeJS.Timeout;
  beforeAll(async () => {
    sluice = await TestSystem.start();
    person = setInterval(() => void liftHalts(sluice).catch(() => undefined), 500);
  });
  beforeEach(async () => {
    customer = await sluice.customer({ funds: '1000' });
  });
  afterEach(async () => {
    await sluice.venue.clearFaults();
    await sluice.venue.settings({
      refused_addresses: [],
      rejected_addresses: [],
      listing_delay_ms: 0,
    });
    await sluice.proveBooks();
  });
  afterAll(async () => {
    clearInterval(person);
    await sluice.stop();
  });

  const paymentsTo = async (body: Body): Promise<SimulatedPayment[]> =>
    (await sluice.venue.payments()).filter(({ destination }) => destination === recipientOf(body));
  const untouched = { balance: '1000', held: '0', available: '1000' };

  describe('a refusal', () => {
    it.each([
      ['an address', () => toAddress()],
      ['a user', () => toUser()],
    ])('of %s releases the hold; with Prefer: wait it is a 502', async (_form, bodyOf) => {
      const [waitedFor, silent] = [bodyOf(), bodyOf()];
      await sluice.venue.settings({
        refused_addresses: [recipientOf(waitedFor), recipientOf(silent)],
      });

      const waited = await customer.post(waitedFor, { wait: 20 });
      const posted = await customer.post(silent);

      expect([waited.status, waited.message]).toEqual([
        502,
        'Failed to broadcast withdrawal transaction',
      ]);
      expect(posted).toMatchObject({ status: 200, data: { status: 'pending' } });
      await customer.reaches(numberOf(posted), ['failed']);
      await eventually(async () => expect(await customer.balance()).toEqual(untouched));
      expect((await customer.get(numberOf(posted))).data).toMatchObject({
        status: 'failed',
        error_message: expect.stringMatching(/./),
      });
      expect((await customer.post(waitedFor)).data).toMatchObject({
        status: 'failed',
        client_reference: waitedFor.client_reference,
      });
      expect([...(await paymentsTo(waitedFor)), ...(await paymentsTo(silent))]).toEqual([]);
    });

    it('that comes late, after the venue had taken it, releases the hold as well', async () => {
      const bodies = [toAddress(), toUser()];
      await sluice.venue.settings({ rejected_addresses: bodies.map(recipientOf) });

      for (const body of bodies) {
        const posted = await customer.post(body);
        const { history } = await customer.reaches(numberOf(posted), ['failed']);
        expect(history.map(({ to }) => to)).toEqual(
          expect.arrayContaining(['submitted', 'releasing', 'failed']),
        );
        await eventually(async () =>
          expect((await paymentsTo(body))[0]?.status).toMatch(/^(REJECT|REFUSED)$/),
        );
      }
      expect(await customer.balance()).toEqual(untouched);
    });
  });

  describe('an answer that is lost after the venue took the payment', () => {
    it.each(['accept_then_hang', 'accept_then_cut', 'accept_then_5xx'])(
      '%s: stays pending, is found by look-up, and is captured once',
      async (fault) => {
        await sluice.venue.arm(CHAIN, fault);
        const body = toAddress();
        const done = await completedWithoutDoubt(body);

        expect(done.history.map(({ to }) => to)).toContain('uncertain');
        expect((await sluice.admin.connector('gateio').submission(done.id)).attempts).toHaveLength(
          1,
        );
        expect(await paymentsTo(body)).toHaveLength(1);
        expect(
          (await sluice.admin.ledger.entriesOf(done.id)).filter(({ kind }) => kind === 'capture'),
        ).toHaveLength(1);
      },
    );

    it.each(['accept_then_hang', 'accept_then_cut', 'accept_then_5xx'])(
      '%s of a transfer to a user: found by its fields, never sent again',
      async (fault) => {
        await sluice.venue.arm(PUSH, fault);
        const body = toUser();
        const done = await completedWithoutDoubt(body);

        expect((await sluice.admin.connector('gateio').submission(done.id)).attempts).toHaveLength(
          1,
        );
        expect(await paymentsTo(body)).toHaveLength(1);
      },
    );
  });

  describe('an answer that proves nothing', () => {
    it.each(['hang_then_refuse', 'refuse_with_5xx', 'html_body'])(
      '%s: sent again only once the venue has long shown no trace of it, under the same reference',
      async (fault) => {
        await sluice.venue.arm(CHAIN, fault);
        const body = toAddress();
        const done = await completedWithoutDoubt(body);

        const { attempts } = await sluice.admin.connector('gateio').submission(done.id);
        expect(attempts.map(({ state }) => state)).toEqual(['absent', expect.any(String)]);
        expect(await paymentsTo(body)).toHaveLength(1);
      },
    );

    it('too_many_requests: proven not sent, so it is sent again by itself', async () => {
      await sluice.venue.arm(CHAIN, 'too_many_requests');
      const body = toAddress();
      const done = await completedWithoutDoubt(body);

      expect(done.history.map(({ to }) => to)).not.toContain('uncertain');
      expect(await paymentsTo(body)).toHaveLength(1);
    });

    it('html_body with status 200 is no acceptance', async () => {
      await sluice.venue.arm(CHAIN, 'html_body', { http_status: 200 });
      const done = await completedWithoutDoubt(toAddress());

      expect(done.history.map(({ to }) => to)).toContain('uncertain');
    });
  });

  describe('listings', () => {
    it('a status that goes back after the end changes nothing and opens no second payment', async () => {
      await sluice.venue.arm(CHAIN, 'status_goes_back');
      await sluice.venue.arm(PUSH, 'status_goes_back');
      for (const body of [toAddress(), toUser()]) {
        const done = await completedWithoutDoubt(body);
        await eventually(async () =>
          expect((await paymentsTo(body))[0]?.status).toMatch(/^(DONE|RECEIVED)$/),
        );
        expect((await sluice.admin.intake.withdrawal(done.id)).state).toBe('completed');
      }
    });

    it('that are slow, stale or broken delay the end and do not change it', async () => {
      await sluice.venue.settings({ slow_listing_ms: SHORT_HANG_MS });
      for (const endpoint of [CHAIN_LIST, PUSH_LIST]) {
        for (const fault of [
          'slow_listing',
          'status_goes_back',
          'html_body',
          'refuse_with_5xx',
          'too_many_requests',
        ])
          await sluice.venue.arm(endpoint, fault);
      }
      const bodies = [toAddress(), toUser()];
      for (const body of bodies) await completedWithoutDoubt(body);
      for (const body of bodies) expect(await paymentsTo(body)).toHaveLength(1);
    });

    it('that do not show a payment yet do not make a lost answer an absence', async () => {
      await sluice.venue.settings({ listing_delay_ms: 1_200 });
      await sluice.venue.arm(CHAIN, 'accept_then_cut');
      const body = toAddress();
      await completedWithoutDoubt(body);

      expect(await paymentsTo(body)).toHaveLength(1);
    });
  });

  describe('a transfer to a user whose outcome is unknown', () => {
    it('is never sent again automatically, is reported as undecided, and is released after a decision that the payment is absent', async () => {
      await sluice.venue.arm(PUSH, 'refuse_with_5xx');
      const body = toUser();
      const detail = await undecided(body);
      await remainsTrue(async () => expect(await paymentsTo(body)).toEqual([]), 2_000);
      expect((await sluice.admin.connector('gateio').submission(detail.id)).attempts).toHaveLength(
        1,
      );
      expect((await customer.get(detail.number)).data).toMatchObject({
        status: 'pending',
        stage: 'awaiting_decision',
      });
      expect((await customer.balance())?.held).toBe('8.5075');

      await decide(detail, {
        decision: 'absent',
        evidence: 'support ticket 8812: no such transfer',
      });

      await customer.reaches(detail.number, ['failed']);
      expect(await customer.balance()).toEqual(untouched);
      await remainsTrue(async () => expect(await paymentsTo(body)).toEqual([]), 500);
    });

    it('is captured once on the word that it was paid', async () => {
      const body = toUser();
      const [payment, detail] = await paidOutOfSight(body);

      const word: DecideDto = {
        decision: 'paid',
        evidence: 'seen in the statement of the venue',
        venue_reference: payment.id,
      };
      await expect(decide(detail, word)).rejects.toThrow('The venue does not list that record');
      await sluice.venue.settings({ listing_delay_ms: 0 });
      await decide(detail, word).catch(() => undefined); // by now it may have been found without a word

      await customer.reaches(detail.number, ['completed']);
      expect(await paymentsTo(body)).toHaveLength(1);
      expect(await customer.balance()).toEqual({
        balance: '991.4925',
        held: '0',
        available: '991.4925',
      });
    });

    it('can be decided with the operator command', async () => {
      await sluice.venue.arm(PUSH, 'refuse_with_5xx');
      const refused = await undecided(toUser());
      const words = ['withdrawal', 'resolve', refused.number];
      const absent = await operate(sluice, [
        ...words,
        '--as',
        'absent',
        '--evidence',
        'the statement of today does not show it',
      ]);
      expect(absent).toMatchObject({ exitCode: 0, json: { approval_id: expect.any(String) } });
      const { approval_id: approvalId } = absent.json as { approval_id: string };
      const byTheSame = ['approve', approvalId, '--service', 'connector-gateio'];
      expect(await operate(sluice, byTheSame)).toMatchObject({ exitCode: 1 });
      await sluice.approver.connector('gateio').approve(approvalId);
      await customer.reaches(refused.number, ['failed']);
      expect(
        await operate(sluice, [
          ...words,
          '--as',
          'paid',
          '--evidence',
          'changed my mind',
          '--venue-reference',
          '1',
        ]),
      ).toMatchObject({
        exitCode: 1,
      });

      const [payment, paid] = await paidOutOfSight(toUser());
      const resolved = [
        'withdrawal',
        'resolve',
        paid.number,
        '--as',
        'paid',
        '--evidence',
        'statement',
        '--venue-reference',
        payment.id,
      ];
      expect(await operate(sluice, resolved)).toMatchObject({ exitCode: 1 }); // the venue does not list it
      await sluice.venue.settings({ listing_delay_ms: 0 });
      await customer.reaches(paid.number, ['completed']);
    });

    it('keeps an equal transfer waiting, which could not be distinguished from it, and lets others pass', async () => {
      await sluice.venue.arm(PUSH, 'refuse_with_5xx');
      const body = toUser();
      const doubtful = await undecided(body);
      const equalTransfer = await customer.post(toUser({ destination: body['destination'] }));
      const other = await customer.post(
        toUser({ destination: { type: 'venue_account', kind: 'uid', value: freshUid() } }),
      );

      await customer.reaches(numberOf(other), ['completed']);
      expect(await paymentsTo(body)).toEqual([]);

      await decide(doubtful, { decision: 'absent', evidence: 'no such transfer' });
      await customer.reaches(numberOf(equalTransfer), ['completed']);
      expect(await paymentsTo(body)).toHaveLength(1);
    });
  });

  it('does not let one recipient in doubt delay the payments to others', async () => {
    await sluice.venue.arm(CHAIN, 'accept_then_hang');
    const doubtful = await customer.post(toAddress({ to_address: freshAddress() }));
    const others = await Promise.all(Array.from({ length: 10 }, () => customer.post(toAddress())));

    for (const other of others) await customer.reaches(numberOf(other), ['completed']);
    await customer.reaches(numberOf(doubtful), ['completed']);
  });

  it('has checked some rows in every check', () => sluice.expectPopulated());

  /** It completes, and at no moment was it given up on the way. */
  async function completedWithoutDoubt(body: Body): Promise<WithdrawalDto> {
    const posted = await customer.post(body);
    expect(posted).toMatchObject({ status: 200, data: { status: 'pending' } });
    const done = await customer.reaches(numberOf(posted), ['completed', ...NEVER_GIVEN_UP]);
    expect(
      done.history.map(({ to }) => to).filter((state) => NEVER_GIVEN_UP.includes(state)),
    ).toEqual([]);
    expect(done.state).toBe('completed');
    return done;
  }

  async function undecided(body: Body): Promise<WithdrawalDto> {
    const posted = await customer.post(body);
    const { id } = await customer.reaches(numberOf(posted), ['uncertain', 'completed', 'failed']);
    await eventually(async () => {
      const { state, cases } = await sluice.admin.connector('gateio').submission(id);
      expect({ state, cases: cases.map(({ kind }) => kind) }).toEqual({
        state: 'undecided',
        cases: ['needs_decision'],
      });
    });
    return sluice.admin.intake.withdrawal(id);
  }

  /** The venue took it, our answer was lost, and its records do not show it in time. */
  async function paidOutOfSight(body: Body): Promise<[SimulatedPayment, WithdrawalDto]> {
    await sluice.venue.settings({ listing_delay_ms: 600_000 });
    await sluice.venue.arm(PUSH, 'accept_then_cut');
    const detail = await undecided(body);
    const [payment] = await paymentsTo(body);
    if (!payment) throw new Error('the venue did not take it');
    return [payment, detail];
  }

  function decide({ id }: WithdrawalDto, decision: DecideDto): Promise<unknown> {
    return sluice.decide('gateio', id, decision);
  }
});

/** As an operator does after a check: some faults make a venue report an ended withdrawal as open again. */
async function liftHalts(sluice: TestSystem): Promise<void> {
  for (const { id, lifted_at } of await sluice.admin.connector('gateio').halts())
    if (lifted_at === null) await sluice.liftHalt('gateio', id, 'the fault was armed here');
}
