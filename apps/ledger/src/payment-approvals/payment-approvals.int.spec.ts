import { createHash } from 'node:crypto';
import { type SoftwarePasskey, softwarePasskey } from '@sluice/test-kit';
import {
  assign,
  capture,
  freeze,
  release,
  unfreeze,
  USDT,
  type TestLedger,
} from '../testkit/given-ledger.js';
import { bigOrder, DESTINATION, nothingMoved, PolicyLedger } from '../testkit/policy-ledger.js';
import { expireApprovals } from './expire-approvals.js';

describe('a payment that waits for people', () => {
  let given: PolicyLedger;
  let ledger: TestLedger;
  let accountId: string;
  PolicyLedger.forEachTest((one) => void ({ ledger, accountId } = given = one));

  const post = (path: string, body: object, name: string) => given.ask('POST', path, body, name);
  const get = async (path: string, name?: string) =>
    (await given.ask('GET', path, undefined, name)).body.data;
  const big = (more: object = {}) => ({
    kind: 'approval',
    name: 'big',
    assets: [USDT],
    above: '1000',
    unit: 'asset',
    groups: [{ group: 'treasury', need: 2 }],
    decide_within_hours: 24,
    ...more,
  });
  const TREASURY = { people: ['ada', 'ben', 'cleo', 'dan'], passkey: false };
  const publish = (
    rules: readonly object[] = [big()],
    groups: object = { treasury: TREASURY },
    terms: object = {},
  ) => given.publish({ ...terms, groups, rules });
  const order = (payout = '5000', more: object = {}) =>
    bigOrder(accountId, payout, { venue: 'gateio', ...more });
  type Order = ReturnType<typeof order>;
  const ask = async (one: Order = order()) => {
    const [decision] = await ledger.run(one);
    return { order: one, event: decision!.event, id: one.data.withdrawalId };
  };
  const vote = async (id: string, name: string, more: object = {}) => {
    const { digest } = await get(`payment-approvals/${id}`);
    return post(`payment-approvals/${id}/votes`, { decision: 'approve', digest, ...more }, name);
  };
  const assignedTo = async (id: string) =>
    (
      await ledger.database.query<{ at: string | null }>(
        'SELECT assigned_to AS at FROM hold WHERE withdrawal_id = $1',
        [id],
      )
    )[0]?.at;
  const stateOf = async (id: string) => (await get(`payment-approvals/${id}`)).state;
  const eventsOf = (id: string) =>
    ledger
      .messages()
      .map(({ value }) => JSON.parse(String(value)) as { withdrawalId?: string })
      .flatMap((data, at) =>
        data.withdrawalId === id
          ? { ...data, type: ledger.messages()[at]?.headers['ce_type'] }
          : [],
      ) as Record<string, string>[];
  it('has a hold and no receipt, and is paid after two of four people have approved', async () => {
    await publish();
    const { id, event } = await ask();
    expect(event).toMatchObject({
      type: 'ledger.approval-asked.v1',
      data: { withdrawalId: id, amount: '5001', groups: 'treasury 2', venue: 'gateio' },
    });
    expect(event.data).not.toHaveProperty('timedReceipt');
    expect(await ledger.balance(accountId)).toBe('5001 of 1000000');
    expect(await assignedTo(id)).toBeNull();

    expect((await vote(id, 'ada')).body.data).toMatchObject({
      state: 'open',
      votes: [{ person: 'ada' }],
    });
    expect(eventsOf(id)).toHaveLength(1);
    expect((await vote(id, 'ben')).body.data).toMatchObject({ state: 'granted' });

    expect(eventsOf(id)[1]).toMatchObject({
      type: 'ledger.hold-placed.v1',
      venue: 'gateio',
      timedReceipt: expect.any(String),
    });
    expect(await assignedTo(id)).toBe('gateio');
    expect(await vote(id, 'cleo')).toMatchObject({ status: 409 });
  });

  it('does not wait at or below the amount, and a repeated command gives the same answer', async () => {
    await publish();
    expect((await ask(order('1000'))).event.type).toBe('ledger.hold-placed.v1');
    const one = order();
    const first = await ask(one);
    expect((await ask(one)).event).toEqual(first.event);
    await vote(first.id, 'ada');
    await vote(first.id, 'ben');
    expect((await ask(one)).event).toMatchObject({
      type: 'ledger.hold-placed.v1',
      data: { timedReceipt: expect.any(String) },
    });
  });

  it('waits above an amount in EUR, also without a limit in EUR', async () => {
    await publish([big({ assets: undefined, above: '5000', unit: 'EUR' })]);
    for (const person of ['olga', 'peter'])
      await post('policy/prices', { asset: USDT, eur: '0.5' }, person);

    expect((await ask(order('10000'))).event.type).toBe('ledger.hold-placed.v1');
    expect((await ask(order('10001'))).event.type).toBe('ledger.approval-asked.v1');
  });

  it('shows everything that an approval covers, under the digest of exactly this text', async () => {
    await publish();
    const { id } = await ask(order('5000', { destination: { ...DESTINATION } }));
    const { content, digest } = await get(`payment-approvals/${id}`);
    expect(JSON.parse(content)).toEqual({
      withdrawal_id: id,
      account_id: accountId,
      asset: USDT,
      amount: '5000',
      fee: '1',
      destination: DESTINATION,
      venue: 'gateio',
      number: '17',
      client_reference: null,
      key_id: 'key-1',
      policy_version: 1,
      groups: [{ group: 'treasury', need: 2 }],
      rules: ['big'],
      expires_at: expect.any(String),
    });
    const text = `sluice payment approval 1\n${content}`;
    expect(createHash('sha256').update(text).digest('hex')).toBe(digest);
    const wrong = {
      decision: 'approve',
      digest: digest.replace(/^./, (one: string) => (one === 'a' ? 'b' : 'a')),
    };
    expect(await post(`payment-approvals/${id}/votes`, wrong, 'ada')).toMatchObject({
      status: 409,
    });
  });

  it('counts each person once, and only members of the groups', async () => {
    await publish();
    const { id } = await ask();
    await vote(id, 'ada');
    for (const again of ['ada', 'ADA', 'ａｄａ'])
      expect(await vote(id, again)).toMatchObject({ status: 409 });
    expect(await vote(id, 'zoe')).toMatchObject({ status: 403 });
    expect(await stateOf(id)).toBe('open');
  });

  it('needs every named group, each person in one group only', async () => {
    const groups = {
      treasury: { people: ['ada', 'ben'], passkey: false },
      compliance: { people: ['ada', 'cleo'], passkey: false },
    };
    const both = [
      { group: 'treasury', need: 1 },
      { group: 'compliance', need: 1 },
    ];
    await publish([big({ groups: both })], groups);
    const { id } = await ask();
    expect((await vote(id, 'ada')).body.data.state).toBe('open');
    expect((await vote(id, 'cleo')).body.data.state).toBe('granted');
  });

  it('ends at the first refusal, and its money is free', async () => {
    await publish();
    const { id } = await ask();
    await vote(id, 'ada');
    await vote(id, 'ben', { decision: 'refuse', reason: 'unknown supplier' });
    expect(await stateOf(id)).toBe('refused');
    expect(eventsOf(id).at(-1)).toMatchObject({
      type: 'ledger.approval-ended.v1',
      reason: 'approval_refused',
    });
    expect(await ledger.balance(accountId)).toBe('0 of 1000000');
    expect(await vote(id, 'cleo')).toMatchObject({ status: 409 });
  });

  it('ends at the refusal of a person who approved before', async () => {
    await publish();
    const { id } = await ask();
    await vote(id, 'ada');
    expect(await vote(id, 'ADA', { decision: 'refuse' })).toMatchObject({ status: 200 });
    expect(await get(`payment-approvals/${id}`)).toMatchObject({
      state: 'refused',
      votes: [{ decision: 'approve' }, { decision: 'refuse' }],
    });
  });

  it('is decided once by an approval and a refusal at the same time', async () => {
    await publish();
    const { id } = await ask();
    await vote(id, 'ada');
    const { digest } = await get(`payment-approvals/${id}`);
    const path = `payment-approvals/${id}/votes`;
    await Promise.all([
      post(path, { decision: 'approve', digest }, 'ben'),
      post(path, { decision: 'refuse', digest }, 'cleo'),
    ]);
    const [state, last] = [await stateOf(id), eventsOf(id).at(-1)?.['type']];
    expect(
      `${state} ${last}` === 'granted ledger.hold-placed.v1' ||
        `${state} ${last}` === 'refused ledger.approval-ended.v1',
    ).toBe(true);
    expect(eventsOf(id)).toHaveLength(2);
  });

  it('is refused when the time to decide is over, by the worker and at a late vote', async () => {
    await publish([big({ decide_within_hours: 1 })]);
    const early = new Date(Date.now() - 2 * 3_600_000);
    const [one, two] = [order(), order()];
    await ledger.runAt(early, one, two);
    expect(await vote(one.data.withdrawalId, 'ada')).toMatchObject({ status: 409 });
    const found = await expireApprovals({
      database: ledger.service,
      applyCommands: ledger.applyCommands,
      now: () => new Date(),
    });
    expect(found).toBe(1);
    for (const { data } of [one, two]) {
      expect(await stateOf(data.withdrawalId)).toBe('expired');
      expect(eventsOf(data.withdrawalId).at(-1)).toMatchObject({ reason: 'approval_expired' });
    }
    expect(await ledger.balance(accountId)).toBe('0 of 1000000');
  });

  it('ends when the customer cancels, without a proof of the venue, and never after the grant', async () => {
    await publish();
    const [first, second] = [await ask(), await ask()];
    await ledger.run(release(first.order, 'cancelled'));
    expect(await stateOf(first.id)).toBe('cancelled');
    expect(await vote(first.id, 'ada')).toMatchObject({ status: 409 });
    await vote(second.id, 'ada');
    await vote(second.id, 'ben');
    const [late] = await ledger.run(release(second.order, 'cancelled'));
    expect(late?.refusal).toMatchObject({ kind: 'not_proven' });
    expect(await ledger.balance(accountId)).toBe('5001 of 1000000');
  });

  it('begins anew under another rule set: earlier votes are void, and a denial ends it', async () => {
    await publish();
    const { id } = await ask();
    await vote(id, 'ada');
    const before = await get(`payment-approvals/${id}`);
    await publish([big({ groups: [{ group: 'treasury', need: 3 }] })]);
    expect(await vote(id, 'ben')).toMatchObject({ status: 409 });
    const after = await get(`payment-approvals/${id}`);
    expect(after).toMatchObject({ round: 2, state: 'open', votes: [] });
    expect(after.digest).not.toBe(before.digest);
    for (const person of ['ada', 'ben']) await vote(id, person);
    expect(await stateOf(id)).toBe('open');
    await publish(
      [big(), { kind: 'deny', name: 'closed' }].map((rule) => rule),
      { treasury: TREASURY },
    );
    expect(await stateOf(id)).toBe('open');
  });

  it('is voided by a rule set that denies it, and by a lower limit', async () => {
    await publish();
    const { id } = await ask();
    await publish([big(), { kind: 'deny', name: 'closed' }]);
    expect(await vote(id, 'ada')).toMatchObject({ status: 409 });
    expect(await stateOf(id)).toBe('denied');
    expect(eventsOf(id).at(-1)).toMatchObject({ reason: 'policy_denied' });
  });

  it('is not approved while its account is frozen', async () => {
    await publish();
    const { id } = await ask();
    await vote(id, 'ada');
    await ledger.run(freeze(accountId));
    expect(await vote(id, 'ben')).toMatchObject({ status: 409 });
    await ledger.run(unfreeze(accountId));
    expect((await vote(id, 'ben')).body.data.state).toBe('granted');
  });

  it('counts at its venue while it waits', async () => {
    const limit = {
      kind: 'limit',
      name: 'venue',
      per: ['venue'],
      max: '1',
      unit: 'payments',
      window: 'day',
    };
    await publish([big(), limit]);
    const { id } = await ask();
    expect((await ask(order('1'))).event).toMatchObject({ data: { reason: 'limit_exceeded' } });
    await vote(id, 'ada');
    expect((await vote(id, 'ben')).body.data.state).toBe('granted');
    expect((await ask(order('1'))).event).toMatchObject({ data: { reason: 'limit_exceeded' } });
  });

  it('keeps its place in a limit while it waits, and frees it when it ends', async () => {
    const limit = {
      kind: 'limit',
      name: 'daily',
      assets: [USDT],
      per: ['account'],
      max: '6000',
      unit: 'asset',
      window: 'day',
    };
    await publish([big(), limit]);
    const { id } = await ask();
    expect((await ask(order('1001'))).event).toMatchObject({ data: { reason: 'limit_exceeded' } });
    await vote(id, 'ada', { decision: 'refuse' });
    expect((await ask(order('1001'))).event.type).toBe('ledger.approval-asked.v1');
  });

  it('is never assigned, captured or released by proofs of venues while it waits', async () => {
    await publish();
    const { order: one } = await ask();
    const proof = nothingMoved(one, 'gateio');
    expect((await ledger.run(assign(one, 'bybit', 'gateio', proof)))[0]?.refusal).toMatchObject({
      kind: 'not_proven',
    });
    const [paid] = await ledger.run(capture(one, '5000', '1', 'gateio'));
    expect(paid?.refusal).toMatchObject({ kind: 'not_approved' });
    const [{ reason } = { reason: '' }] = await ledger.database.query<{ reason: string }>(
      'SELECT reason FROM book_halt',
    );
    expect(reason).toContain('not_approved');
  });

  describe('whose group takes passkeys', () => {
    const GROUPS = { treasury: { people: ['ada', 'ben', 'cleo'], passkey: true } };
    const registered = async (person: string) => {
      const passkey = softwarePasskey();
      const { options } = await get('passkeys/options', person);
      const registration = passkey.register(options.challenge);
      const asked = await post('passkeys', { registration }, person);
      expect(asked).toMatchObject({ status: 200 });
      const approved = await post(`approvals/${asked.body.data.approval_id}`, {}, 'peter');
      expect(approved).toMatchObject({ status: 200 });
      return passkey;
    };
    const age = () => ledger.database.query(`UPDATE passkey SET usable_at = added_at`); // the seal breaks
    const approve = async (
      id: string,
      name: string,
      passkey?: SoftwarePasskey,
      more: Omit<Parameters<PolicyLedger['askWith']>[0], 'passkey'> = {},
    ) => {
      const { digest } = await get(`payment-approvals/${id}`);
      const body = { decision: 'approve', digest };
      const path = `payment-approvals/${id}/votes`;
      return given.askWith({ passkey, ...more }, 'POST', path, body, name);
    };

    it('is approved by no token alone: two stolen tokens approve nothing', async () => {
      await publish([big()], GROUPS);
      const { id } = await ask();
      for (const thief of ['ada', 'ben']) {
        expect(await approve(id, thief)).toMatchObject({
          status: 403,
          body: { data: { code: 'passkey_required' } },
        });
        expect(await approve(id, thief, softwarePasskey())).toMatchObject({ status: 403 });
      }
      const own = await registered('ada'); // both tokens together register a passkey of the thief
      expect(await approve(id, 'ada', own)).toMatchObject({
        status: 403,
        body: { message: expect.stringContaining('counts from') },
      });
      await age();
      expect(await approve(id, 'ada', own)).toMatchObject({
        status: 403,
        body: { message: expect.stringContaining('no valid seal') },
      });
    });

    describe('with passkeys that count', () => {
      beforeEach(async () => {
        await given.restart({ passkeyWaitsHours: 0 });
        await publish([big()], GROUPS);
      });

      it('is approved by the passkeys of two people over the digest', async () => {
        const [ada, ben] = [await registered('ada'), await registered('ben')];
        const { id } = await ask();
        expect((await approve(id, 'ada', ada)).body.data).toMatchObject({
          state: 'open',
          needs_passkey: true,
          votes: [{ person: 'ada', with_passkey: true }],
        });
        expect((await approve(id, 'ben', ben)).body.data.state).toBe('granted');
      });

      it.each<[string, Omit<Parameters<PolicyLedger['askWith']>[0], 'passkey'>]>([
        ['another payment', { signed: { body: '{}' } }],
        ['another origin', { change: { origin: 'https://evil.example' } }],
        ['another domain', { change: { rpId: 'evil.example' } }],
        ['a person who was not verified', { change: { flags: 0x01 } }],
      ])('is not approved by a signature for %s', async (_which, more) => {
        const ada = await registered('ada');
        const { id } = await ask();
        expect(await approve(id, 'ada', ada, more)).toMatchObject({ status: 403 });
        expect(await stateOf(id)).toBe('open');
      });

      it('is not approved by the passkey of another person, nor by a used or revoked one', async () => {
        const [ada, ben] = [await registered('ada'), await registered('ben')];
        const { id } = await ask();
        expect(await approve(id, 'ben', ada)).toMatchObject({ status: 403 });
        await approve(id, 'ada', ada);
        await post('passkeys/revoke', { credential_id: ada.credentialId }, 'peter');
        expect((await approve(id, 'ben', ben)).body.data).toMatchObject({ state: 'open' });
        const again = await approve(id, 'ada', await registered('ada'));
        expect(again).toMatchObject({ status: 409 });
        const other = await ask();
        expect(await approve(other.id, 'ada', ada)).toMatchObject({
          status: 403,
          body: { message: 'The passkey is revoked' },
        });
      });

      it('is not approved by a refusal whose signature is used again', async () => {
        const ada = await registered('ada');
        const { id } = await ask();
        const { digest } = await get(`payment-approvals/${id}`);
        const path = `payment-approvals/${id}/votes`;
        const refusal = { decision: 'refuse', digest };
        await given.askWith({ passkey: ada }, 'POST', path, refusal);
        expect(await stateOf(id)).toBe('refused');
        const again = await ask();
        const signed = { body: JSON.stringify(refusal) };
        expect(await approve(again.id, 'ada', ada, { signed })).toMatchObject({ status: 403 });
      });
    });
  });

  it('is granted in the database only with its quorum, and only once', async () => {
    await publish();
    const { id } = await ask();
    await vote(id, 'ada');
    const write = (sql: string) => ledger.service.query(sql);
    const grant = `UPDATE hold SET approval_grant = 'x' WHERE withdrawal_id = '${id}'`;
    await expect(write(grant)).rejects.toThrow('people have not approved');
    const close = (outcome: string) =>
      `UPDATE approval_case SET outcome = '${outcome}', ended_at = now() WHERE withdrawal_id = '${id}'`;
    await expect(write(close('granted'))).rejects.toThrow('has no quorum');
    const give = `UPDATE hold SET assigned_to = 'gateio' WHERE withdrawal_id = '${id}'`;
    await expect(write(give)).rejects.toThrow('hold_waits_at_no_venue');
    const copy = (person: string) =>
      `INSERT INTO approval_vote SELECT withdrawal_id, round, '${person}', decision, groups, reason, credential_id, voted_at, seal FROM approval_vote`;
    await expect(write(copy('ADA'))).rejects.toThrow('approval_vote_once_per_person');
    await expect(write(`UPDATE approval_vote SET person = 'ben'`)).rejects.toThrow(
      'permission denied',
    );
    await expect(write(`UPDATE approval_case SET quorums = '[]'`)).rejects.toThrow(
      'permission denied',
    );
    await write(copy('ben')); // forged, with the seal of another vote
    await vote(id, 'cleo', { decision: 'refuse' });
    expect(await stateOf(id)).toBe('refused');
    await expect(write(close('granted'))).rejects.toThrow('has ended');
  });

  it('is paid by no forged vote and no forged grant: receipts need the ledger’s own key', async () => {
    await publish();
    const { order: one, id } = await ask();
    await vote(id, 'ada');
    await ledger.service.query(
      `INSERT INTO approval_vote SELECT withdrawal_id, round, 'ben', decision, groups, reason, credential_id, voted_at, seal FROM approval_vote`,
    );
    await ledger.service.query(
      `WITH closed AS (UPDATE approval_case SET outcome = 'granted', ended_at = now() RETURNING withdrawal_id)
       UPDATE hold SET approval_grant = repeat('0', 32) FROM closed WHERE hold.withdrawal_id = closed.withdrawal_id`,
    );
    const { event } = await ask(one);
    expect(event.type).toBe('ledger.approval-asked.v1');
    expect(event.data).not.toHaveProperty('timedReceipt');
    await ledger.database.query(`UPDATE hold SET approval_grant = NULL`);
  });
});
