import { SECRETS } from '../testkit/test-authority.js';
import { readdirSync, readFileSync } from 'node:fs';
import { Amount, assetOf } from '@sluice/kernel';
import {
  CLOSED_HOLD_STATES,
  HOLD_STATES,
  HOLD_TRANSITIONS,
  OPEN_HOLD_STATES,
  type BookChanges,
  type Hold,
} from '@sluice/ledger-core';
import { withoutRules } from '@sluice/ledger-core/testing';
import type { Tx } from '@sluice/postgres';
import { LEDGER_RETENTION } from '../postgres/retention.js';
import { saveChanges } from '../postgres/save-changes.js';

const SOURCE = new URL('../', import.meta.url);
const MOVES_A_HOLD = /\b(?:INSERT INTO|UPDATE|DELETE FROM|MERGE INTO)\s+hold\b/g;
const FINAL = HOLD_STATES.filter((state) => Object.keys(HOLD_TRANSITIONS[state]).length === 0);
const ONE = Amount.of('1', assetOf('USDT', 'ETH'));
const WITHDRAWAL = '00000000-0000-4000-8000-000000000001';

describe('SQL that moves a hold', () => {
  it('is in save-changes.ts alone', () => {
    const found = sourceFiles().flatMap((file) =>
      [...textOf(file).matchAll(MOVES_A_HOLD)].map(() => file),
    );

    expect(found).toEqual(Array(3).fill('postgres/save-changes.ts'));
  });

  it('adds a plain hold in a state that place-hold leads to', () => {
    const [sql = ''] = movesOf({ newHolds: [placed()] });
    const state = /SELECT .*, '([a-z]+)' FROM/.exec(sql)?.[1];

    expect(HOLD_TRANSITIONS.none['place-hold']).toContain(state);
  });

  it('takes the state of any other new hold from the book, which follows the table', () => {
    const [sql = ''] = movesOf({ newHolds: [placed('2026-11-20T09:00:00.000Z')] });

    expect(sql).toContain('INSERT INTO hold');
    expect(statesIn(sql)).toEqual([]);
  });

  it('changes a hold only in a state that a command leads on from', () => {
    const [sql = ''] = movesOf({ changedHolds: [placed()] });

    expect(sql).toContain('UPDATE hold');
    expect(statesIn(sql)).toEqual(OPEN_HOLD_STATES);
  });

  it('deletes, by age, holds in every final state and in no other', () => {
    const states = LEDGER_RETENTION.filter(({ table }) => table === 'hold').flatMap(({ ended }) =>
      statesIn(ended),
    );

    expect(states.toSorted()).toEqual(FINAL.toSorted());
    expect(states).toEqual(expect.arrayContaining(CLOSED_HOLD_STATES));
  });
});

describe('SQL files', () => {
  it.each(sourceFiles().filter((file) => file.endsWith('.sql')))(
    '%s names no state that a hold cannot have',
    (file) => {
      const unknown = statesIn(textOf(file)).filter((state) => !isHoldState(state));

      expect(unknown).toEqual([]);
    },
  );
});

function sourceFiles(): readonly string[] {
  return readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.(?:ts|sql)$/.test(file) && !/\.spec\.ts$|migrations\/|testkit\//.test(file),
  );
}

function textOf(file: string): string {
  return readFileSync(new URL(file, SOURCE), 'utf8');
}

/** States that a condition on `state` names, in order. */
function statesIn(sql: string): readonly string[] {
  return [
    ...sql.matchAll(/\bstate\s*(?:=|<>|IN|NOT IN|IS DISTINCT FROM)\s*(\([^)]*\)|'[a-z]+')/g),
  ].flatMap(([, named = '']) => [...named.matchAll(/'([a-z]+)'/g)].map(([, state = '']) => state));
}

function isHoldState(text: string): boolean {
  return HOLD_STATES.some((state) => state === text);
}

function placed(expiresAt: string | null = null): Extract<Hold, { state: 'placed' }> {
  return {
    state: 'placed',
    withdrawalId: WITHDRAWAL,
    accountId: WITHDRAWAL,
    amount: ONE,
    decidedAt: '2026-11-20T08:00:00.000Z',
    digest: null,
    reference: null,
    assignedTo: null,
    lock: null,
    policy: withoutRules(ONE),
    assignedAt: null,
    grant: null,
    submissionStartedAt: null,
    expiresAt,
  };
}

/** The statements about holds that these changes are saved with. */
function movesOf(changes: Partial<BookChanges>): readonly string[] {
  const issued: string[] = [];
  const tx: Pick<Tx, 'query' | 'require'> = {
    query: (sql) => {
      issued.push(sql);
      return Promise.resolve([]);
    },
    require: (check) => void check.catch(() => undefined), // no row answers: the check fails, and is not what is tested here
  };
  void saveChanges(
    tx as Tx,
    {
      openedAccounts: [],
      freezes: [],
      frozen: [],
      balances: [],
      newHolds: [],
      changedHolds: [],
      entries: [],
      ...changes,
    },
    SECRETS.keys,
  );
  return issued.filter((sql) => sql.search(MOVES_A_HOLD) >= 0);
}
