import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { SelfCheckDto, SubmissionDto } from '@sluice/http-api';
import { benchFor, happens, type TestConnector } from '@sluice/connector-testing';
import { wrongAnswers, type RoutesDocument } from '@sluice/test-servers';
import { BYBIT_KIT } from './testing/bybit-kit.js';
import { uidOrder } from './testing/orders.js';

const bench = benchFor(BYBIT_KIT);
const NOBODYS = '01932d5a-7c3e-7f00-8000-0123456789ab';

let connector: TestConnector;

beforeEach(async () => void (connector = await bench.connector()));

async function ask(method: 'GET' | 'POST', path: string, body?: object, person = 'demo') {
  const answer = await connector.app.inject({
    method,
    url: `/internal/${path}`,
    headers: { ...connector.bearerOf(person), ...(body && { 'content-type': 'application/json' }) },
    ...(body && { payload: JSON.stringify(body) }),
  });
  return { status: answer.statusCode, body: answer.json<unknown>() };
}

const refused = (status: number, message: unknown) => ({
  status,
  body: { success: false, message },
});

describe('the admin API', () => {
  it('accepts only the roles of each route', async () => {
    const document = (await ask('GET', 'openapi.json')).body as RoutesDocument;
    const { app, issuer } = connector;
    const { asked, wrong } = await wrongAnswers(document, issuer, async (method, url, token) => {
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
      const verb = method === 'GET' ? 'GET' : 'POST';
      return (await app.inject({ method: verb, url, headers })).statusCode;
    });

    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(60);
  });

  it('shows submissions, of one state or of all, and each with its history', async () => {
    const order = uidOrder('7.01');
    await connector.submit([order]);
    await happens(connector, order, 'withdrawal-settled');
    const { withdrawalId } = order;
    const shown = { withdrawal_id: withdrawalId, state: 'settled', amount: order.amount };
    const one = {
      status: 200,
      body: { success: true, message: 'OK', data_count: 1, data: [shown] },
    };

    expect(await ask('GET', 'submissions')).toMatchObject(one);
    expect(await ask('GET', 'submissions?state=settled')).toMatchObject(one);
    const { data } = (await ask('GET', 'submissions')).body as { data: readonly SubmissionDto[] };
    for (const name of [data[0]?.venue_reference, data[0]?.client_reference])
      expect(await ask('GET', `submissions?q=${name}`)).toMatchObject(one);
    for (const query of ['state=failed', 'q=nothing', `q=${data[0]?.venue_reference}&state=failed`])
      expect(await ask('GET', `submissions?${query}`)).toMatchObject({
        body: { data_count: 0, data: [] },
      });
    expect(await ask('GET', `submissions/${withdrawalId}`)).toMatchObject({
      status: 200,
      body: {
        data: {
          ...shown,
          created_at: expect.stringMatching(/^\d{4}-.*Z$/) as string,
          awaited: 'nothing',
          attempts: [{ number: 1, state: 'accepted' }],
          cases: [],
          decisions: [],
        },
      },
    });
  });

  it('names every fault of a query, a path and a body', async () => {
    expect(await ask('GET', 'submissions?state=lost')).toEqual(
      refused(422, expect.stringMatching(/^state: Input should be one of prepared, /) as string),
    );
    expect(await ask('GET', 'submissions/7')).toEqual(
      refused(422, 'withdrawalId: Input should be a lower-case UUID'),
    );
    expect(
      await ask('POST', `submissions/${NOBODYS}/decision`, { decision: 'lost', evidence: ' ' }),
    ).toEqual(
      refused(
        422,
        'decision: Input should be one of paid, absent, returned; evidence: String should not be blank',
      ),
    );
    expect(await ask('POST', 'halts', {})).toEqual(refused(422, 'details: Field required'));
    expect(await ask('POST', 'halts/x/lift', { evidence: 'seen' })).toEqual(
      refused(422, 'id: Input should be the id of a halt'),
    );
  });

  it('refuses in one sentence what cannot be decided', async () => {
    const order = uidOrder('7.02');
    await connector.submit([order]);
    await happens(connector, order, 'withdrawal-settled');
    const absent = { decision: 'absent', evidence: 'their support says so' };

    expect(await ask('POST', `submissions/${NOBODYS}/decision`, absent)).toEqual(
      refused(404, 'No submission of this withdrawal'),
    );
    expect(await ask('GET', `submissions/${NOBODYS}`)).toEqual(
      refused(404, 'No submission of this withdrawal'),
    );
    expect(await ask('POST', `submissions/${order.withdrawalId}/decision`, absent)).toEqual(
      refused(409, 'It is settled: there is nothing to decide'),
    );
  });

  it('opens a halt in the name of the caller, lists the halt, and lifts the halt once after two approvals', async () => {
    const opened = {
      reason: 'operator',
      opened_by: 'demo',
      details: 'their status page',
      lifted_at: null,
    };
    expect(await ask('POST', 'halts', { details: 'their status page' })).toMatchObject({
      status: 200,
      body: { data: opened },
    });
    expect(await ask('GET', 'halts')).toMatchObject({ body: { data_count: 1, data: [opened] } });
    const lift = (id: string) => ask('POST', `halts/${id}/lift`, { evidence: 'seen' });

    expect(await lift('1')).toMatchObject({ status: 202, body: { data: { approval_id: '1' } } });
    expect(await lift('1')).toEqual(
      refused(409, 'demo has requested this already, as approval 1: it takes another person'),
    );
    expect(await ask('GET', 'halts')).toMatchObject({ body: { data: [opened] } });
    const { body } = await ask('POST', 'approvals/1', undefined, 'peter');
    expect(body).toMatchObject({
      data: { result: { lifted_by: 'demo', lift_approved_by: 'peter', lift_evidence: 'seen' } },
    });
    expect(await lift('1')).toEqual(refused(409, 'The halt was already lifted by demo'));
    expect(await lift('2')).toEqual(refused(404, 'No such halt here'));
    for (const list of ['halts/records', 'cases'])
      expect(await ask('GET', list)).toMatchObject({
        status: 200,
        body: { data_count: 0, data: [] },
      });
  });

  it('has halts, breaks and undecided payments in its inbox', async () => {
    const order = uidOrder('7.03');
    await connector.submit([order]);
    await happens(connector, order, 'withdrawal-settled');
    const { withdrawalId } = order;
    await connector.database.query(
      `INSERT INTO submission_case (withdrawal_id, kind, text) VALUES ('${withdrawalId}', 'not_as_asked', 'it paid 7.04')`,
    );
    await connector.database.query(
      `INSERT INTO halt (reason, subject, details, opened_by) VALUES ('missing', 'v1', 'v1 is gone', 'connector')`,
    );
    await connector.database.query(
      `INSERT INTO break (kind, subject, withdrawal_id, details, halt_id) SELECT 'missing', 'v1', '${withdrawalId}', 'v1 is gone', id FROM halt`,
    );

    const shown = { withdrawal_id: withdrawalId, venue: 'bybit' };
    expect(await ask('GET', 'inbox')).toMatchObject({
      status: 200,
      body: {
        data: [
          { kind: 'halt', title: 'The venue is halted: v1 is gone', people: 2 },
          {
            ...shown,
            kind: 'break',
            id: '1',
            title: 'The venue deviates from our orders (missing): v1 is gone',
            people: 1,
          },
        ],
      },
    });
    await connector.database.query(
      `UPDATE submission SET state = 'disputed' WHERE withdrawal_id = '${withdrawalId}'`,
    );
    expect(await ask('GET', 'inbox')).toMatchObject({
      body: {
        data: [
          {
            ...shown,
            kind: 'case',
            id: withdrawalId,
            title: 'The venue and the order disagree: it paid 7.04',
            roles: ['operate', 'approve'],
            people: 2,
          },
          { kind: 'halt' },
          { kind: 'break' },
        ],
      },
    });
  });

  it('reports faults of its key, its login and its clocks', async () => {
    const selfCheck = async () => (await ask('GET', 'self-check')).body as { data: SelfCheckDto };
    const { data } = await selfCheck();

    expect(data.unchecked).toEqual([]);
    expect(data.checked).toEqual(expect.arrayContaining(['database rights', "venue's key"]));
    expect(
      data.findings.map(({ code }) => code).filter((code) => code.startsWith('venue')),
    ).toEqual([]);
    expect(data.message_keys).toContainEqual(
      expect.objectContaining({
        shared_with: 'ledger',
        signs: true,
        print: expect.any(String) as string,
      }),
    );

    await bench.simulator.settings({
      key_ips: ['*'],
      key_more_permissions: { Spot: ['SpotTrade'] },
    });
    try {
      expect((await selfCheck()).data.findings).toMatchObject(
        expect.arrayContaining([
          expect.objectContaining({
            code: 'venue-key-surplus',
            wrong:
              'The key at bybit has Spot: SpotTrade as well, which the connector does not use.',
          }),
          expect.objectContaining({ code: 'venue-key-any-address' }),
        ]) as object[],
      );
    } finally {
      await bench.simulator.settings({ key_ips: ['127.0.0.1'], key_more_permissions: {} });
    }
  });

  it('is for operators alone', async () => {
    const { statusCode } = await connector.app.inject({ method: 'GET', url: '/internal/halts' });

    expect(statusCode).toBe(401);
  });

  it('is described with its bodies and answers', () => {
    const { paths, components } = SwaggerModule.createDocument(
      connector.app,
      new DocumentBuilder().build(),
    );

    expect(paths).toMatchObject({
      '/internal/submissions': {
        get: {
          parameters: [
            { name: 'state', required: false },
            { name: 'q', required: false },
          ],
        },
      },
      '/internal/submissions/{withdrawalId}': { get: { responses: { 200: {} } } },
      '/internal/submissions/{withdrawalId}/decision': { post: { requestBody: {} } },
      '/internal/cases': { get: {} },
      '/internal/halts': { get: {}, post: { requestBody: {} } },
      '/internal/halts/records': { get: {} },
      '/internal/halts/{id}/lift': { post: { requestBody: {} } },
    });
    expect(Object.keys(components?.schemas ?? {})).toEqual(
      expect.arrayContaining([
        'DecideDto',
        'SubmissionHistoryDto',
        'AttemptDto',
        'HaltDto',
        'CaseDto',
      ]),
    );
  });
});
