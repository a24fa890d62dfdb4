import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebhookReceiver } from '@sluice/stack';
import { eventually } from '@sluice/test-kit';
import { numberOf, toAddress, type Customer } from './testkit/customer.js';
import { TestSystem } from './testkit/given-system.js';
import { operate } from './testkit/operate.js';

const EVENTS = ['withdrawal.awaiting_approval', 'withdrawal.approved', 'withdrawal.failed'];
const PERMISSIONS = [
  'withdraw',
  'read_withdrawal_status',
  'read_balance',
  'manage_webhooks',
] as const;
const POLICY = {
  groups: { treasury: { people: ['demo', 'peter'], passkey: false } },
  rules: [
    {
      kind: 'approval',
      name: 'big',
      assets: ['USDT.ETH'],
      above: '20',
      unit: 'asset',
      groups: [{ group: 'treasury', need: 2 }],
      decide_within_hours: 24,
    },
  ],
};

describe('a payment that waits for people', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-policy-'));
  let sluice: TestSystem;
  let customer: Customer;
  let receiver: WebhookReceiver;
  beforeAll(async () => {
    sluice = await TestSystem.start();
    receiver = await WebhookReceiver.start();
    customer = await sluice.customer({ funds: '1000', permissions: PERMISSIONS });
    await subscribe();
    const file = join(folder, 'policy.json');
    writeFileSync(file, JSON.stringify(POLICY));
    const { approval_id: id } = await run('policy', 'publish', '--file', file);
    await run('approvals', 'approve', `${id}`, '--service', 'ledger', '--person', 'peter');
  });
  afterEach(() => sluice.proveBooks());
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await sluice.stop();
    await receiver.stop();
  });

  const subscribe = async () => {
    const body = JSON.stringify({ url: receiver.url, events: EVENTS });
    const { data } = await customer.api.send({ method: 'POST', target: '/v1/webhooks', body });
    receiver.trust(String(data['secret']));
  };
  /** Waits for the verified webhooks of these events. Returns the data of the last event. */
  const notifiedOf = async (number: string, ...events: readonly string[]) => {
    const about = () =>
      receiver.received.filter(({ data }) => `${data['withdrawal_id']}` === number);
    await eventually(
      () => expect(new Set(about().map(({ event }) => event))).toEqual(new Set(events)),
      { withinMs: 60_000 },
    );
    expect(about().every(({ verified }) => verified)).toBe(true);
    return about().find(({ event }) => event === events.at(-1))?.data;
  };

  const run = async (...words: string[]): Promise<Record<string, unknown>> => {
    const { exitCode, json } = await operate(sluice, words);
    expect({ words, exitCode, json }).toMatchObject({ exitCode: 0 });
    return json as Record<string, unknown>;
  };
  /** Posts a withdrawal above the amount. Returns its number and its id at the ledger. */
  const givenWaiting = async () => {
    const body = toAddress({ amount: '50' });
    const number = String(numberOf(await customer.post(body)));
    const listed = async () => {
      const { json } = await operate(sluice, ['approvals', 'list']);
      const row = (json as readonly Record<string, string>[]).find(({ exactly = '' }) =>
        exactly.includes(`${body['to_address']}`),
      );
      expect(row).toMatchObject({ service: 'ledger', action: 'pay', votes: '0 of treasury 2' });
      return row?.['id'] ?? '';
    };
    const id = await eventually(listed, { withinMs: 30_000 });
    return { number, id, body };
  };

  it('is listed, shown, approved by two people at the command line, and paid', async () => {
    const { number, id, body } = await givenWaiting();

    const { content, digest } = await run('approvals', 'show', id);
    expect(JSON.parse(`${content}`)).toMatchObject({
      withdrawal_id: id,
      amount: '50',
      destination: { address: body['to_address'] },
    });
    const approve = ['approvals', 'approve', id, '--digest', `${digest}`];
    expect(await run(...approve)).toMatchObject({ state: 'open', votes: [{ person: 'demo' }] });
    expect(await operate(sluice, approve)).toMatchObject({ exitCode: 1 });
    expect(await run(...approve, '--person', 'peter')).toMatchObject({ state: 'granted' });

    await customer.reaches(number, ['completed']);
    const approved = ['withdrawal.awaiting_approval', 'withdrawal.approved'];
    expect(await notifiedOf(number, ...approved)).toMatchObject({ status: 'pending', sequence: 2 });
  });

  it('is not paid after one refusal', async () => {
    const { number, id } = await givenWaiting();

    const { digest } = await run('approvals', 'show', id);
    await run('approvals', 'approve', id, '--digest', `${digest}`);
    const refused = await run('approvals', 'refuse', id, '--reason', 'x', '--person', 'peter');

    expect(refused).toMatchObject({ state: 'refused' });
    await customer.reaches(number, ['failed']);
    expect(
      await notifiedOf(number, 'withdrawal.awaiting_approval', 'withdrawal.failed'),
    ).toMatchObject({ status: 'failed', reason: 'approval_refused' });
    expect(await customer.balance()).toMatchObject({ held: '0' });
  });
});
