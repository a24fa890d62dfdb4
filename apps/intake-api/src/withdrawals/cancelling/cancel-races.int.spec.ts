import { randomUUID } from 'node:crypto';
import { monotonicMs } from '@sluice/runtime';
import { createLogger } from '@sluice/service-shell';
import { testDatabase } from '@sluice/test-servers';
import type { Fact, State } from '@sluice/withdrawal-core';
import { CancelWithdrawal } from './cancel-withdrawal.js';
import { WithdrawalWaiters } from '../waiting/waiters.js';
import type { InboundEvent } from '../saga/inbound-event.js';
import { Saga } from '../saga/saga.js';
import { SagaBatches } from '../saga/saga-batches.js';
import { findByIds } from '../../rows/withdrawal-store.js';
import { anOrder, AUTHORITY } from '../../testkit/a-withdrawal.js';
import {
  givenAccount,
  givenInstance,
  published,
  type TestInstance,
  violationsIn,
} from '../../testkit/given-intake.js';
import { A_MAC, anEvent, holdAssigned, type FactTrigger } from '../../testkit/inbound-events.js';
import { NO_RESTORE, placeOrder } from '../../testkit/given-saga.js';

/** Every step that a fact can lead to, and the way there. */
const STEPS: readonly [State, FactTrigger[], FactTrigger][] = [
  ['requested', [], 'hold_placed'],
  ['requested', [], 'hold_refused'],
  ['requested', [], 'approval_asked'],
  ['awaiting_approval', ['approval_asked'], 'hold_placed'],
  ['awaiting_approval', ['approval_asked'], 'approval_ended'],
  ['submitting', ['hold_placed'], 'accepted'],
  ['submitting', ['hold_placed'], 'refused'],
  ['submitting', ['hold_placed'], 'cancelled'],
  ['submitting', ['hold_placed'], 'outcome_unknown'],
  ['submitting', ['hold_placed'], 'decision_needed'],
  ['uncertain', ['hold_placed', 'outcome_unknown'], 'accepted'],
  ['uncertain', ['hold_placed', 'outcome_unknown'], 'refused'],
  ['uncertain', ['hold_placed', 'outcome_unknown'], 'cancelled'],
  ['undecided', ['hold_placed', 'decision_needed'], 'accepted'],
  ['undecided', ['hold_placed', 'decision_needed'], 'cancelled'],
  ['submitted', ['hold_placed', 'accepted'], 'broadcast'],
  ['submitted', ['hold_placed', 'accepted'], 'settled'],
  ['submitted', ['hold_placed', 'accepted'], 'failed'],
  ['broadcast', ['hold_placed', 'accepted', 'broadcast'], 'settled'],
  ['broadcast', ['hold_placed', 'accepted', 'broadcast'], 'cancelled'],
  ['capturing', ['hold_placed', 'accepted', 'settled'], 'hold_captured'],
  ['releasing', ['hold_placed', 'accepted', 'failed'], 'hold_released'],
  ['cancelling', ['hold_placed', 'cancelled'], 'hold_released'],
];
const ROUNDS = 4;

describe('a request to cancel races with the next step of a withdrawal', () => {
  let one: TestInstance;
  let two: TestInstance;
  let accountId: string;
  const sagas: Saga[] = [];
  beforeAll(async () => {
    const url = await testDatabase('intake');
    [one, two] = [await givenInstance(url), await givenInstance(url)];
    accountId = await givenAccount(one.database);
    for (const { unitOfWork } of [one, two])
      sagas.push(
        new Saga(
          unitOfWork,
          silent(),
          createLogger('test', 'silent'),
          new SagaBatches(AUTHORITY, NO_RESTORE),
        ),
      );
    await one.database.query(
      `INSERT INTO route (currency, network, position, venue, pays) VALUES ('USDT', 'ETH', 2, 'bybit', '{address}')`,
    );
  });
  afterAll(async () => {
    expect(await violationsIn(one)).toEqual([]);
    await Promise.all([one.close(), two.close()]);
  });

  const silent = () => new WithdrawalWaiters(one.service);
  const take = (saga: number, ...events: InboundEvent[]) =>
    sagas[saga]?.take(events) ?? Promise.resolve();
  const requestCancelOf = (id: string) =>
    new CancelWithdrawal(one.unitOfWork, silent(), AUTHORITY)
      .run(id, 'ck_1', { askedMs: 0, venueMs: 0 }, monotonicMs())
      .catch((error: Error) => error.message);
  async function given(path: readonly FactTrigger[]): Promise<string> {
    const { stored } = await placeOrder(one, anOrder({ accountId }));
    const { id } = stored.withdrawal.order;
    for (const trigger of path) await take(0, anEvent(id, trigger));
    return id;
  }
  async function seen(id: string) {
    const [stored] = await findByIds(one.database, [id]);
    if (!stored) throw new Error('it is not on record');
    const commands = (await published(one.database, id)).filter(
      ({ type }) => !/^withdrawal\.|place-hold/.test(type),
    );
    return {
      withdrawal: stored.withdrawal,
      commands: commands.map(
        ({ topic, type }) => `${topic} ${type.replace(/^[a-z]+\.|\.v1$/g, '')}`,
      ),
    };
  }
  const submits = (commands: readonly string[]) =>
    commands.filter((command) => command.endsWith(' submit-withdrawal'));
  const cancels = (commands: readonly string[]) =>
    commands.filter((command) => command.endsWith(' cancel-withdrawal'));

  it.each(STEPS)('%s, after %j, with %s', async (_state, path, fact) => {
    for (let round = 0; round < ROUNDS; round++) {
      const id = await given(path);
      const step = anEvent(id, fact);
      const racing = [
        () => requestCancelOf(id),
        () => take(1, step),
        () => requestCancelOf(id),
        () => take(0, step),
      ];
      await Promise.all((round % 2 === 0 ? racing : racing.toReversed()).map((run) => run()));
      if ((await seen(id)).commands.includes('ledger.commands assign-hold'))
        await take(0, holdAssigned(id, 'bybit'));

      const { withdrawal, commands } = await seen(id);
      const asked = cancels(commands);
      expect(asked.length).toBeLessThanOrEqual(1);
      if (asked.length === 1) {
        expect(withdrawal.cancel).not.toBeNull();
        const topic = asked[0]?.split(' ')[0] ?? '';
        expect(commands.indexOf(asked[0] ?? '')).toBeGreaterThan(
          commands.indexOf(`${topic} submit-withdrawal`),
        );
        expect(submits(commands).map((command) => command.split(' ')[0])).toContain(topic);
      }
      if (withdrawal.cancel !== null && submits(commands).length > 0) expect(asked).toHaveLength(1);
      expect(
        commands.filter((command) => /release-hold|capture-hold/.test(command)).length,
      ).toBeLessThanOrEqual(1);
    }
  });

  it('before the fail-over it keeps the withdrawal from the next venue, and after it goes to the venue that has it', async () => {
    const refusal: Fact = { trigger: 'refused', reason: 'insufficient_venue_funds', message: 'no' };
    const ends = new Set<string>();
    for (let round = 0; round < 16; round++) {
      const id = await given(['hold_placed']);
      const change = {
        ...({ kind: 'fact', withdrawalId: id, by: 'gateio', proof: A_MAC } as const),
        fact: () => refusal,
      };
      const failOver = async () => {
        await take(1, { id: randomUUID(), change });
        await take(0, holdAssigned(id, 'bybit'));
      };
      const racing = [() => requestCancelOf(id), failOver];
      await Promise.all((round % 2 === 0 ? racing : racing.toReversed()).map((run) => run()));
      ends.add((await seen(id)).commands.join(', '));
    }
    const [gateio, bybit] = ['venue.gateio.commands', 'venue.bybit.commands'];
    for (const end of ends)
      expect([
        `${gateio} submit-withdrawal, ${gateio} cancel-withdrawal, ledger.commands release-hold`,
        `${gateio} submit-withdrawal, ledger.commands assign-hold, ${bybit} submit-withdrawal, ${bybit} cancel-withdrawal`,
      ]).toContain(end);
  });
});
