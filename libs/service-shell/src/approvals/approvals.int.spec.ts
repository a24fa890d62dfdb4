import { createHash } from 'node:crypto';
import { ROLES, type ApprovalDto, type Caller, type Role } from '@sluice/http-api';
import { Outbox, type OutgoingMessage, UnitOfWork } from '@sluice/postgres';
import { testMessageKeys } from '@sluice/test-kit';
import { testDatabase } from '@sluice/test-servers';
import { callers, givenAuditedApp } from '../testkit/given-audited-app.js';
import { testApprovals } from '../testing/test-platform.js';
import { type Approvals, type Demand } from './approvals.js';

const person = (name: string, roles: readonly Role[] = ROLES): Caller => ({
  kind: 'person',
  name,
  roles,
  client: 'sluice-cli',
});
const OLIVIA = person('olivia', ['operate']);
const PETER = person('peter', ['approve']);
const LIFT: Demand = { action: 'lift', target: 'halt 1', request: { evidence: 'seen', a: 1 } };

describe('what takes two people', () => {
  let app: Awaited<ReturnType<typeof givenAuditedApp>>;
  let approvals: Approvals;
  let unitOfWork: UnitOfWork;
  const done: string[] = [];

  beforeEach(async () => {
    done.length = callers.length = 0;
    app = await givenAuditedApp(await testDatabase('approvals'));
    approvals = testApprovals(app.database, 'audited');
    approvals.register('lift', (_target, request, caller) =>
      say(caller, { ...LIFT, request: request as object }),
    );
    unitOfWork = new UnitOfWork(app.database, 'test', new Outbox(app.database));
  });
  afterEach(() => app.close());

  /** The use case: once two have said it, it is done. */
  const say = (caller: Caller, demand: Demand = LIFT): Promise<object> =>
    unitOfWork.run(async (tx) => {
      const awaited = await approvals.ask(tx, demand, caller);
      if (awaited) return awaited;
      const { requestedBy, approvedBy } = await approvals.approve(tx, demand, caller);
      done.push(`${requestedBy} and ${approvedBy}`);
      return { done: true };
    });
  const states = async () =>
    (await approvals.list()).map(({ id, state }) => `${id} ${state}`).sort();

  it('waits after the first, and is done when a second says the same, or approves its id', async () => {
    expect(await say(OLIVIA)).toMatchObject({ approval_id: '1', awaits: expect.any(String) });
    expect(done).toEqual([]);
    expect(await say(PETER, { ...LIFT, request: { a: 1, evidence: 'seen' } })).toEqual({
      done: true,
    });
    await say(OLIVIA);
    expect(await approvals.carryOut('2', null, PETER)).toEqual({ done: true });

    expect(done).toEqual(['olivia and peter', 'olivia and peter']);
    expect(await states()).toEqual(['1 approved', '2 approved']);
    await expect(approvals.carryOut('2', null, person('ada'))).rejects.toThrow(
      'It was approved already by peter',
    );
    await expect(approvals.carryOut('9', null, PETER)).rejects.toThrow('No such approval here');
  });

  it('is not done by the same person, under whatever spelling of the name', async () => {
    await say(person('ada'));

    for (const same of [person('ada'), person('Ada')]) {
      await expect(say(same)).rejects.toThrow(
        'ada has requested this already, as approval 1: it takes another person',
      );
      await expect(approvals.carryOut('1', null, same)).rejects.toThrow('it takes another person');
    }
    expect(done).toEqual([]);
  });

  it('is not done by somebody who has lost the role, nor by a service', async () => {
    await say(OLIVIA);

    await expect(say(person('peter', ['operate']))).rejects.toThrow(
      'peter may not approve this: it takes the role approve',
    );
    await expect(say({ kind: 'service', name: 'ledger', roles: [], client: '' })).rejects.toThrow(
      'This takes two people, and a service is none',
    );
    expect(await states()).toEqual(['1 awaited']);
  });

  it('is void when anything of it is said otherwise: that is asked for anew', async () => {
    await say(OLIVIA);

    expect(await say(PETER, { ...LIFT, request: { evidence: 'seen', a: 2 } })).toMatchObject({
      approval_id: '2',
    });

    expect(done).toEqual([]);
    expect(await states()).toEqual(['1 void', '2 awaited']);
    await expect(approvals.carryOut('1', null, PETER)).rejects.toThrow(
      'The request is no longer valid',
    );
  });

  it('expires: then it is asked for anew', async () => {
    await app.owner.query(
      `INSERT INTO approval (action, target, request, digest, requested_by, requested_at, expires_at)
       SELECT 'lift', 'halt 1', '{"a":1,"evidence":"seen"}', sha256(E'lift\\nhalt 1\\n{"a":1,"evidence":"seen"}'), 'olivia', now() - interval '2 days', now() - interval '1 day'`,
    );

    await expect(approvals.carryOut('1', null, PETER)).rejects.toThrow('The request has expired');
    expect(await say(PETER)).toMatchObject({ approval_id: '2' });
    expect(done).toEqual([]);
  });

  it('is approved no earlier than it was asked for, although the clock was set back meanwhile', async () => {
    const clockOfRequests = (shift: string) =>
      app.owner.query(
        `ALTER TABLE approval ALTER requested_at SET DEFAULT clock_timestamp() ${shift}`,
      );
    await clockOfRequests(`+ interval '30 seconds'`);
    await say(OLIVIA).finally(() => clockOfRequests(''));

    await approvals.carryOut('1', null, PETER);

    expect(
      await app.owner.query('SELECT approved_at >= requested_at AS is_later FROM approval'),
    ).toEqual([{ is_later: true }]);
  });

  it('is asked for once when two ask for different things at one moment', async () => {
    const answers = await Promise.allSettled(
      ['x', 'y', 'z'].map((evidence, n) =>
        say(person(`p${n}`), { ...LIFT, request: { evidence } }),
      ),
    );

    expect(answers.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect((await states()).filter((state) => state.endsWith('awaited'))).toHaveLength(1);
  });

  it('is listed and approved by the admin API, which refuses the requester', async () => {
    await say(person('operator'));

    expect((await app.ask<ApprovalDto[]>('GET', '/internal/approvals')).body.data).toMatchObject([
      { id: '1', action: 'lift', target: 'halt 1', request: LIFT.request, state: 'awaited' },
    ]);
    expect(await app.ask('POST', '/internal/approvals/1')).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining('it takes another person') },
    });
    expect(
      await app.ask('POST', '/internal/approvals/1', undefined, app.as('peter')),
    ).toMatchObject({ status: 409, body: { message: 'This service does not know how to lift' } });
  });

  describe('in a service that reports to the auditor', () => {
    const sent: OutgoingMessage[] = [];
    beforeEach(() => {
      sent.length = 0;
      const outbox = new Outbox(app.database);
      outbox.onCommitted(({ messages }) => void sent.push(...messages));
      unitOfWork = new UnitOfWork(app.database, 'test', outbox);
      approvals = testApprovals(app.database, 'ledger', testMessageKeys('ledger'));
    });
    const messages = () =>
      sent.map(({ topic, headers, value }) => ({
        topic,
        type: headers['ce_type'],
        ...(JSON.parse(value) as object),
      }));

    it('is sent to the auditor in the same transaction, with both people and their calls', async () => {
      await say({ ...OLIVIA, callId: 'call 1' });
      await say({ ...PETER, callId: 'call 2' });

      const [first, second] = messages();
      expect(messages()).toHaveLength(2);
      expect(first).toEqual({
        topic: 'audit.ledger',
        type: 'audit.demand-requested.v1',
        service: 'ledger',
        demandId: '1',
        action: 'lift',
        target: 'halt 1',
        digest: createHash('sha256')
          .update('lift\nhalt 1\n{"a":1,"evidence":"seen"}')
          .digest('hex'),
        requestedBy: 'olivia',
        requestedAt: expect.stringMatching(/^\d{4}-.*\.\d{6}Z$/) as string,
        callId: 'call 1',
      });
      expect(second).toEqual({
        ...first,
        type: 'audit.demand-approved.v1',
        approvedBy: 'peter',
        approvedAt: expect.stringMatching(/^\d{4}-.*\.\d{6}Z$/) as string,
        callId: 'call 2',
      });
    });

    it('is not sent if the transaction fails, nor by a service without a key shared with the auditor', async () => {
      const lost = unitOfWork.run(async (tx) => {
        await approvals.ask(tx, LIFT, OLIVIA);
        throw new Error('lost');
      });
      await expect(lost).rejects.toThrow('lost');
      approvals = testApprovals(app.database, 'ledger', { names: () => ['ledger'] });
      await say(OLIVIA);
      await say(PETER);

      expect(sent).toEqual([]);
      expect(done).toEqual(['olivia and peter']);
    });
  });

  it('names the call of its audit entries', async () => {
    await app.ask('POST', '/internal/things', { what: 'by whom' });

    const [entry] = await app.entries();
    expect(callers).toMatchObject([{ name: 'operator', callId: entry?.call_id }]);
  });

  describe("a request that the service's own login has written", () => {
    const forge = () =>
      app.database.query(
        `INSERT INTO approval (action, target, request, digest, requested_by)
         VALUES ('lift', 'halt 1', '{"a":1,"evidence":"seen"}', sha256(E'lift\\nhalt 1\\n{"a":1,"evidence":"seen"}'), 'olivia')`,
      );

    it('does not count as the first of two people', async () => {
      await forge();

      expect(await say(PETER)).toMatchObject({ approval_id: '2' });

      expect(done).toEqual([]);
      expect(await states()).toEqual(['1 void', '2 awaited']);
      expect(await say(person('ada'))).toEqual({ done: true });
    });

    it('is not approved by its id', async () => {
      approvals.register('lift', () => Promise.resolve({ done: true }));
      await forge();

      await expect(approvals.carryOut('1', null, PETER)).rejects.toThrow(
        'The request has no valid seal: request it again',
      );
    });

    it('does not count with the seal of another request', async () => {
      await say(OLIVIA);
      await app.database.query(
        `UPDATE approval SET voided_by = 'x', voided_at = clock_timestamp()`,
      );
      await forge();
      await app.database.query(
        'UPDATE approval SET request_seal = (SELECT request_seal FROM approval WHERE id = 1) WHERE id = 2',
      );

      expect(await say(PETER)).toMatchObject({ approval_id: '3' });
      expect(done).toEqual([]);
    });

    it('is named by the proof of the audit log if the login has approved it as well', async () => {
      await say(OLIVIA);
      await say(PETER);
      expect(await app.prove()).toMatchObject({ proven: true, forged_approvals: [] });
      await say(OLIVIA);
      await app.database.query(
        `UPDATE approval SET approved_by = 'peter', approver_roles = '{approve}', approved_at = clock_timestamp() WHERE id = 2`,
      );

      expect(await app.prove()).toMatchObject({
        proven: false,
        broken: null,
        forged_approvals: ['2'],
      });
    });
  });

  it.each([
    ['full width', 'ＰETER'],
    ['another script', 'Реtеr'],
  ])('is not done by the same name in %s', async (_what, name) => {
    await say(PETER);

    await expect(say(person(name))).rejects.toThrow('it takes another person');
  });

  describe('whoever writes to the table', () => {
    beforeEach(() => say(OLIVIA));
    const write = (statement: string) => app.owner.query(statement);
    const APPROVE = `UPDATE approval SET approved_at = clock_timestamp(), approver_roles = '{approve}', approved_by =`;

    it.each([
      ['the requester approves', `${APPROVE} 'olivia'`, 'approved_by_another_person'],
      ['the requester approves in capitals', `${APPROVE} 'OLIVIA'`, 'approved_by_another_person'],
      [
        'no role at all',
        `UPDATE approval SET approved_at = clock_timestamp(), approved_by = 'peter'`,
        'approved_with_the_role',
      ],
      [
        'another role',
        `UPDATE approval SET approved_at = clock_timestamp(), approved_by = 'peter', approver_roles = '{operate}'`,
        'approved_with_the_role',
      ],
      [
        'it is too late',
        `UPDATE approval SET approved_at = expires_at, approved_by = 'peter', approver_roles = '{approve}'`,
        'approved_in_time',
      ],
      ['its content is changed', `UPDATE approval SET request = '{}'`, 'cannot be changed'],
      ['its requester is changed', `UPDATE approval SET requested_by = 'x'`, 'cannot be changed'],
      ['it is deleted', 'DELETE FROM approval', 'approval is evidence'],
    ])('is refused where %s', async (_what, statement, message) => {
      await expect(write(statement)).rejects.toThrow(message);
    });

    it('cannot take back what was approved', async () => {
      await approvals.carryOut('1', null, PETER);

      await expect(write('UPDATE approval SET approved_by = NULL')).rejects.toThrow(
        'approval 1 has ended: nothing in it is changed',
      );
    });

    it('violates approved-by-two-people where all walls were taken down', async () => {
      await write(
        `ALTER TABLE approval DISABLE TRIGGER USER, DROP CONSTRAINT approved_by_another_person`,
      );
      await write(`${APPROVE} 'olivia'`);

      expect((await app.ask('GET', '/internal/invariants')).body.data).toMatchObject({
        violations: [{ invariant: expect.stringMatching(/^approved-by-two-people: /) }],
      });
    });
  });
});
