import type { MigrationClass } from '../schema/migrations.js';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import type { QueryRunner } from 'typeorm';
import { upgradeFaults } from './upgrade-faults.js';
import type { LastRelease } from './last-release.js';

const TABLES = `
  CREATE TABLE client (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name varchar(40) NOT NULL, nickname text,
    tier text NOT NULL DEFAULT 'new', fee numeric(10,2), visits integer NOT NULL DEFAULT 0, code text UNIQUE);
  CREATE VIEW clients AS SELECT id, name FROM client;
  CREATE FUNCTION greeting(text) RETURNS text LANGUAGE sql AS $$ SELECT 'Hello ' || $1 $$`;

interface Extra {
  readonly contracts?: { readonly since: string; readonly because: string };
  readonly locks?: string;
  readonly transaction?: boolean;
}

function migration(name: string, sql: readonly string[], extra: Extra = {}): MigrationClass {
  return class {
    readonly name = name;
    constructor() {
      Object.assign(this, extra);
    }

    async up(runner: QueryRunner): Promise<void> {
      for (const statement of sql) await runner.query(statement);
    }

    down(): Promise<void> {
      return Promise.resolve();
    }
  };
}

const RELEASED = migration('Released1763600000001', [TABLES]);

describe('upgradeFaults', () => {
  let postgres: TestPostgres;
  beforeAll(async () => void (postgres = await withTestPostgres()));
  afterAll(() => postgres.stop());

  const faultsOf = async (
    sql: readonly string[],
    extra: Extra = {},
    rights: readonly string[] = [],
  ): Promise<readonly string[]> => {
    const released: LastRelease = {
      release: '0.2.0',
      // The platform's own are new here, and beside the point: all they do is add tables.
      migrations: { Released1763600000001: '' },
      rights: { TEST: rights },
    };
    const schema = {
      migrations: [RELEASED, migration('New1795000000000', sql, extra)],
      rights: { tables: { client: 'SELECT' } },
    };
    const url = await postgres.createDatabase('upgrade');
    const faults = await upgradeFaults({ url, schema, name: 'TEST', released });
    return faults.map((fault) => fault.replace('New1795000000000 ', ''));
  };

  it.each([
    ['a table', 'DROP TABLE client CASCADE', 'drops or renames client'],
    ['a column', 'ALTER TABLE client DROP COLUMN nickname', 'drops or renames client.nickname'],
    ['a new name of a table', 'ALTER TABLE client RENAME TO customer', 'drops or renames client'],
    [
      'a new name of a column',
      'ALTER TABLE client RENAME COLUMN nickname TO alias',
      'drops or renames client.nickname',
    ],
    ['a view', 'DROP VIEW clients', 'drops or renames clients'],
    ['a function', 'DROP FUNCTION greeting(text)', 'drops or changes greeting(text) returns text'],
    [
      'a shorter text',
      'DROP VIEW clients; ALTER TABLE client ALTER COLUMN name TYPE varchar(20); CREATE VIEW clients AS SELECT id, name FROM client',
      'changes the type of client.name from character varying(40) to character varying(20)',
    ],
    [
      'a type that a driver reads in another way',
      'ALTER TABLE client ALTER COLUMN visits TYPE bigint',
      'changes the type of client.visits from integer to bigint',
    ],
    [
      'fewer digits',
      'ALTER TABLE client ALTER COLUMN fee TYPE numeric(8,2)',
      'changes the type of client.fee from numeric(10,2) to numeric(8,2)',
    ],
    [
      'a column that may not be null any more',
      'ALTER TABLE client ALTER COLUMN nickname SET NOT NULL',
      'makes client.nickname not null: the last release may leave it out',
    ],
    [
      'a new column that must be given',
      'ALTER TABLE client ADD COLUMN country text NOT NULL',
      'adds client.country, which is not null and has no default: the last release does not give it',
    ],
    [
      'a default that is taken away',
      'ALTER TABLE client ALTER COLUMN tier DROP DEFAULT',
      'takes the default of client.tier: the last release may rely on it',
    ],
    [
      'a check of what the last release writes',
      `ALTER TABLE client ADD CHECK (name <> 'nobody')`,
      `adds a constraint to client that may refuse what the last release writes: CHECK (((name)::text <> 'nobody'::text))`,
    ],
    [
      'a unique key of what the last release writes',
      'ALTER TABLE client ADD UNIQUE (nickname)',
      'adds a unique key to client that may refuse what the last release writes: (nickname)',
    ],
    [
      'a unique key of a new column that takes null once',
      'ALTER TABLE client ADD COLUMN country text; CREATE UNIQUE INDEX ON client (country) NULLS NOT DISTINCT',
      'adds a unique key to client that may refuse what the last release writes: (country)',
    ],
    [
      'a trigger',
      'CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$; CREATE TRIGGER refuses BEFORE INSERT ON client FOR EACH ROW EXECUTE FUNCTION refuse()',
      'adds a trigger to client that may refuse what the last release writes: BEFORE INSERT ON public.client FOR EACH ROW EXECUTE FUNCTION refuse()',
    ],
    [
      'a unique key that ON CONFLICT needs',
      'ALTER TABLE client DROP CONSTRAINT client_code_key',
      'takes the unique key (code) from client: ON CONFLICT of the last release does not find it',
    ],
    [
      'an index that is built under a lock',
      'CREATE INDEX ON client (visits)',
      'builds an index of client while writes are blocked: use CREATE INDEX CONCURRENTLY, in a migration without a transaction',
    ],
    [
      'a table that is written anew',
      'ALTER TABLE client ADD COLUMN drawn double precision DEFAULT random()',
      'rewrites client while reads are blocked',
    ],
  ])('refuses %s', async (_what, sql, fault) => {
    expect(await faultsOf([sql])).toContain(fault);
  });

  it.each([
    [
      'a new table with its indexes',
      'CREATE TABLE visit (id uuid PRIMARY KEY, at timestamptz NOT NULL); CREATE INDEX ON visit (at)',
    ],
    ['a column that may be null', 'ALTER TABLE client ADD COLUMN country text'],
    [
      'a column with a default and a check of its own',
      `ALTER TABLE client ADD COLUMN country text NOT NULL DEFAULT 'de' CHECK (country <> '')`,
    ],
    [
      'a longer text',
      'DROP VIEW clients; ALTER TABLE client ALTER COLUMN name TYPE varchar(80); CREATE VIEW clients AS SELECT id, name FROM client',
    ],
    ['more digits', 'ALTER TABLE client ALTER COLUMN fee TYPE numeric(12,2)'],
    [
      'a column that need not be given any more',
      'ALTER TABLE client ALTER COLUMN name DROP NOT NULL',
    ],
    ['another default', `ALTER TABLE client ALTER COLUMN tier SET DEFAULT 'known'`],
    [
      'a function that works in another way',
      `CREATE OR REPLACE FUNCTION greeting(text) RETURNS text LANGUAGE sql AS $$ SELECT 'Hi ' || $1 $$`,
    ],
  ])('takes %s', async (_what, sql) => {
    expect(await faultsOf([sql])).toEqual([]);
  });

  it('takes an index that is built beside the writers', async () => {
    expect(
      await faultsOf(['CREATE INDEX CONCURRENTLY visited ON client (visits)'], {
        transaction: false,
      }),
    ).toEqual([]);
  });

  it('takes a unique key with a new column, which the last release leaves null', async () => {
    const sql = [
      'ALTER TABLE client ADD COLUMN country text',
      'CREATE UNIQUE INDEX CONCURRENTLY named ON client (country, name)',
    ];
    expect(await faultsOf(sql, { transaction: false })).toEqual([]);
  });

  it('accepts a short lock with a stated reason', async () => {
    expect(
      await faultsOf(['CREATE INDEX ON client (visits)'], {
        locks: 'there are some dozen clients',
      }),
    ).toEqual([]);
  });

  it('takes what the last release has stopped using, and not what only a later one will have', async () => {
    const sql = ['ALTER TABLE client DROP COLUMN nickname'];
    const because = 'nobody reads or writes it';
    expect(await faultsOf(sql, { contracts: { since: '0.2.0', because } })).toEqual([]);
    expect(await faultsOf(sql, { contracts: { since: '0.10.0', because } })).toEqual([
      'drops or renames client.nickname (it contracts since 0.10.0; the last release is 0.2.0)',
    ]);
  });

  it('refuses that the login loses a right', async () => {
    expect(await faultsOf([], {}, ['SELECT on client', 'UPDATE on client (tier)'])).toEqual([
      'the login loses UPDATE on client (tier), which the last release has',
    ]);
  });
});
