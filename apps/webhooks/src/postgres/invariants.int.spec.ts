import { DELIVERY_ATTEMPT_COLUMNS, DELIVERY_COLUMNS } from '@sluice/http-api';
import { checkInvariants, entityColumns, recordColumns, withPlatform } from '@sluice/postgres';
import { eventually } from '@sluice/test-kit';
import { asService, rightsFaults } from '@sluice/test-servers';
import {
  aStep,
  givenWebhooks,
  INVARIANTS,
  migrated,
  type TestWebhooks,
} from '../testkit/given-webhooks.js';
import { Receiver } from '../testkit/receiver.js';
import { WEBHOOKS_SCHEMA } from './schema.js';

/** For each invariant a statement that breaks it, over one delivery that was delivered. */
const PLANTED: Readonly<Record<string, string>> = {
  'delivered-was-answered': 'UPDATE delivery SET answered_status = 500',
  'failed-after-all-attempts': `UPDATE delivery SET status = 'failed'`,
  'body-has-its-number': `UPDATE delivery SET body = '{"id":1,"event":"' || event || '",'`,
  'only-what-was-subscribed': `UPDATE webhook SET events = '{deposit.swept}'`,
  'attempt-once-in-log': `UPDATE delivery SET status = 'pending', ended_at = NULL, next_attempt_at = now() + interval '1 hour', attempt_id = answered_attempt, begun_at = now()`,
};

let receiver: Receiver;
let webhooks: TestWebhooks;
let url: string;
beforeAll(async () => void (receiver = await Receiver.start()));
afterAll(() => receiver.stop());
beforeEach(async () => {
  url = await migrated();
  webhooks = await givenWebhooks(url);
});
afterEach(() => webhooks.close());

async function delivered(): Promise<void> {
  await webhooks.register({ url: receiver.url('/ok') });
  await webhooks.tell(aStep());
  await eventually(
    async () => expect(await webhooks.deliveries()).toMatchObject([{ status: 'delivered' }]),
    { withinMs: 60_000 },
  );
}

describe('the login of webhooks', () => {
  it('may do what is declared, and nothing else to any table', async () => {
    expect(await rightsFaults(asService(url), withPlatform(WEBHOOKS_SCHEMA).rights)).toEqual([]);
  });

  it.each([
    'UPDATE webhook SET account_id = gen_random_uuid()',
    'UPDATE delivery SET in_log = false',
    'DELETE FROM webhook_request',
    `UPDATE delivery SET body = ''`,
    'UPDATE delivery_attempt SET status = 200',
    'DELETE FROM delivery',
  ])('may not: %s', async (statement) => {
    await expect(webhooks.service.query(statement)).rejects.toMatchObject({ code: '42501' });
  });
});

describe('the definitions of tables', () => {
  it('name each column', async () => {
    const { mapped, stored } = await entityColumns(webhooks.database);
    expect(mapped).toEqual(stored);
    for (const [table, columns] of [
      ['delivery', DELIVERY_COLUMNS],
      ['delivery_attempt', DELIVERY_ATTEMPT_COLUMNS],
    ] as const) {
      const record = await recordColumns(webhooks.database, table, columns);
      expect(record.declared).toEqual(record.stored);
    }
  });
});

describe('invariants', () => {
  it('hold of what is as it should be, and look at it', async () => {
    await delivered();

    expect(await checkInvariants(webhooks.database, INVARIANTS)).toMatchObject({
      violations: [],
      populations: { webhooks: 1, deliveries: 1, attempts: 1 },
    });
  });

  it.each(Object.entries(PLANTED))('%s is found where it is broken', async (name, statement) => {
    await delivered();
    await webhooks.database.query(statement);

    const violations = await webhooks.violations();

    expect(violations.map(({ invariant }) => invariant)).toEqual([
      expect.stringContaining(`${name}: `) as string,
    ]);
  });
});
