import { Get, Module } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { Database, UnitOfWork } from '@sluice/postgres';
import { testDatabase } from '@sluice/test-servers';
import { AccountEntity } from '../accounts/account.entity.js';
import { EventKeysController } from '../event-keys/event-keys.controller.js';
import { IntakeApiModule } from '../intake-api.module.js';
import { givenApi, type TestApi } from '../testkit/given-api.js';
import { givenAccount } from '../testkit/given-intake.js';
import { sow } from '../testkit/given-terms.js';
import { AccountScopeInterceptor, PublicController } from './public-controller.js';
import { ApiKeysModule } from './api-keys.module.js';
import { RequiresPermission } from './authenticated-request.js';

const ALL_NUMBERS = 'SELECT number::text FROM withdrawal ORDER BY number';

/** A faulty route: no statement names the account of the caller. */
@PublicController('v1/_faulty')
class FaultyController {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  @Get()
  @RequiresPermission(null)
  async all() {
    const accounts = await this.database.repository(AccountEntity).find();
    return {
      byStatement: await this.database.query(ALL_NUMBERS, []),
      inTransaction: await this.unitOfWork.run((tx) => tx.query(ALL_NUMBERS)),
      accounts: accounts.map(({ id }) => id),
    };
  }

  @Get('changes')
  @RequiresPermission(null)
  async changes() {
    const changed = await this.unitOfWork.run((tx) =>
      tx.query(`UPDATE withdrawal SET error_message = 'fault' RETURNING number::text`),
    );
    return { changed };
  }
}

@Module({ imports: [IntakeApiModule, ApiKeysModule], controllers: [FaultyController] })
class FaultyModule {}

describe('a public route', () => {
  let api: TestApi;
  const accounts: string[] = [];
  const keys: { keyId: string; secret: string }[] = [];
  let numbers: number[];

  beforeAll(async () => {
    api = await givenApi(await testDatabase('intake'), {}, FaultyModule);
    for (let count = 0; count < 2; count++) {
      const accountId = await givenAccount(api.database);
      accounts.push(accountId);
      keys.push(await api.createKey(accountId, ['read_withdrawal_status']));
    }
    numbers = await sow(
      api.database,
      accounts.map((accountId, at) => ({
        accountId,
        state: 'submitted' as const,
        currency: 'USDT',
        network: 'ETH',
        venue: 'gateio',
        keyId: keys[at]?.keyId ?? '',
      })),
    );
  });
  afterAll(() => api.close());

  it('reads only rows of its caller, even without a condition', async () => {
    for (const at of [0, 1]) {
      const { status, body } = await ask('/v1/_faulty', at);
      const own = [{ number: String(numbers[at]) }];
      expect([status, body.data]).toEqual([
        200,
        { byStatement: own, inTransaction: own, accounts: [accounts[at]] },
      ]);
    }
  });

  it('changes only rows of its caller, even without a condition', async () => {
    const { body } = await ask('/v1/_faulty/changes', 0);
    expect(body.data['changed']).toEqual([{ number: String(numbers[0]) }]);
    const stored = await api.database.query(
      'SELECT number::text, error_message AS message FROM withdrawal ORDER BY number',
    );
    expect(stored).toEqual([
      { number: String(numbers[0]), message: 'fault' },
      { number: String(numbers[1]), message: null },
    ]);
  });

  it('of simultaneous callers gives each the rows of its own account', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, at) => {
        const { body } = await ask('/v1/_faulty', at % 2);
        return (body.data['accounts'] as string[]).join();
      }),
    );
    expect(answers).toEqual(answers.map((_, at) => accounts[at % 2]));
  });

  it('always runs in the scope of the account', () => {
    const controllers = [...api.app.get(ModulesContainer).values()].flatMap((module) =>
      [...module.controllers.values()].map(({ metatype }) => metatype as object),
    );
    const ofCustomers = controllers.filter((one) =>
      String(Reflect.getMetadata('path', one)).startsWith('v1'),
    );
    const outside = ofCustomers.filter(
      (one) =>
        !(Reflect.getMetadata('__interceptors__', one) as unknown[]).includes(
          AccountScopeInterceptor,
        ),
    );
    expect(ofCustomers.length).toBeGreaterThan(10);
    // the keys of events are public, and their route has no caller
    expect(outside).toEqual([EventKeysController]);
  });

  const ask = (target: string, at: number) => {
    const key = keys[at];
    return api.send({ target, ...(key && { key }) });
  };
});
