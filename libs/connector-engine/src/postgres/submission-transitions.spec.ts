import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AFTER_ATTEMPT,
  ATTEMPT_STATES,
  edge,
  isTerminal,
  nextState,
  STORED_STATES,
  SUBMISSION_STATES,
  triggersOf,
  type EdgeTrigger,
  type SubmissionState,
  type SubmissionTrigger,
} from '@sluice/connector-rules';
import type { QueryRunner } from 'typeorm';
import { MOVE } from '../admin/decision-sql.js';
import { decidedState } from '../admin/decisions.js';
import { APPLY_CANCELS } from '../commands/cancel-handler.js';
import { INSERT_WITH_INTENTS } from '../commands/insert-sql.js';
import { STORE } from '../queue/outcomes.js';
import {
  CLAIM,
  CLAIM_REPEATS,
  EXPIRE_LEASES,
  REFUSE_PREPARED,
  WITHDRAW_DUE,
} from '../queue/queue-sql.js';
import { APPLY_FIRST_LOOKUPS } from '../record/first-lookup.js';
import { APPLY_REFUSALS } from '../refusal/refusal-step.js';
import { LOST_INTENTS, PUT_BACK } from '../restore/lost-intents.js';
import { APPLY_RETURNS } from '../status/apply-returns.js';
import { APPLY_VERDICTS } from '../status/status-sql.js';
import { APPLY_RESOLUTIONS, DUE_UNKNOWN } from '../unknown/unknown-sql.js';
import { CONNECTOR_MIGRATIONS } from './migrations.js';
import { from, stateBy } from '../rows/state-sql.js';

interface Writer {
  readonly sql: string;
  readonly triggers: readonly EdgeTrigger[];
  /** Where the statement takes fewer states than its triggers apply to. */
  readonly among?: readonly SubmissionState[];
  /** The statement that reads the state which this one compares with, or null where the caller checks it on the locked row. */
  readonly stateFrom?: string | null;
}

/** Every statement that sets `submission.state`, but for `MOVE`, whose state is a parameter. */
const WRITERS: Readonly<Record<string, Writer>> = {
  CLAIM: { sql: CLAIM, triggers: ['claimed'] },
  PUT_BACK: { sql: PUT_BACK, triggers: ['claimed'], stateFrom: LOST_INTENTS },
  CLAIM_REPEATS: { sql: CLAIM_REPEATS, triggers: ['repeated'] },
  REFUSE_PREPARED: { sql: REFUSE_PREPARED, triggers: ['not_payable'] },
  WITHDRAW_DUE: { sql: WITHDRAW_DUE, triggers: ['withdrawn'] },
  EXPIRE_LEASES: { sql: EXPIRE_LEASES, triggers: ['outcome_unknown'] },
  STORE: {
    sql: STORE,
    triggers: ['venue_accepted', 'venue_refused', 'outcome_unknown', 'nothing_sent'],
  },
  APPLY_FIRST_LOOKUPS: { sql: APPLY_FIRST_LOOKUPS, triggers: ['found'], among: ['prepared'] },
  APPLY_REFUSALS: {
    sql: APPLY_REFUSALS,
    triggers: ['found', 'nothing_found', 'person_needed'],
    among: ['refusing'],
  },
  APPLY_RESOLUTIONS: {
    sql: APPLY_RESOLUTIONS,
    triggers: ['found', 'absence_proven', 'person_needed'],
    among: ['unknown', 'undecided'],
    stateFrom: DUE_UNKNOWN,
  },
  APPLY_VERDICTS: {
    sql: APPLY_VERDICTS,
    triggers: ['venue_settled', 'venue_failed', 'not_as_asked'],
  },
  APPLY_RETURNS: { sql: APPLY_RETURNS, triggers: ['venue_returned'] },
  APPLY_CANCELS: { sql: APPLY_CANCELS, triggers: ['withdrawn'], stateFrom: null },
};
const BY_PARAMETER = 1;
/** By which triggers a repeated attempt ends; `repeatOutcome` makes one of them of every answer. */
const OF_SENDING_ONLY: ReadonlySet<EdgeTrigger> = new Set(['venue_refused', 'nothing_sent']);

const SET_STATE = {
  submission: /UPDATE submission(?: \w+)?\s+SET state = (CASE.*? END|'\w+'|[^\s,]+)/gs,
  attempt: /\battempt_state = (CASE.*? END|'\w+'|[^\s,]+)/gs,
};
const sorted = (states: Iterable<string>): string[] => [...new Set(states)].toSorted();
const literalsIn = (text: string): string[] =>
  [...text.matchAll(/'(\w+)'/g)].map((match) => match[1] ?? '');

/** The states that a statement sets: the literals behind THEN and ELSE, or the only one. */
function statesSet(sql: string, of: keyof typeof SET_STATE): string[] {
  return [...sql.matchAll(SET_STATE[of])].flatMap((match) =>
    literalsIn((match[1] ?? '').replace(/WHEN '\w+'/g, '')),
  );
}

/** The states of the submission `s` that a statement selects. */
function statesTaken(sql: string): string[] {
  const conditions = sql
    .replace(SET_STATE.submission, '')
    .replace(SET_STATE.attempt, '')
    .matchAll(/(?<![\w.])(?:s\.)?state (= '\w+'|IN \([^)]*\))/g);
  return [...conditions].flatMap((match) => literalsIn(match[1] ?? ''));
}

function stored(state: SubmissionState): readonly SubmissionState[] {
  if (state === 'not_sent') return [AFTER_ATTEMPT.again];
  if (state === 'absent') return [AFTER_ATTEMPT.again, AFTER_ATTEMPT.given_up];
  return [state];
}

/** No attempt follows what is decided absent. */
function storedAfter(
  before: SubmissionState,
  trigger: SubmissionTrigger,
): readonly SubmissionState[] {
  if (trigger === 'decided_absent') return [decidedState(before, 'absent') ?? before];
  const next = nextState(before, trigger);
  return next.ok ? stored(next.value) : [];
}

describe('the statements that set the state of a submission', () => {
  it.each(Object.entries(WRITERS))('%s takes the states of the table', (_name, writer) => {
    const { sql, triggers, among, stateFrom = '' } = writer;
    const expected = among ?? triggers.flatMap((trigger) => edge(trigger).from);

    expect(sorted(statesTaken(`${sql} ${stateFrom ?? ''}`))).toEqual(
      stateFrom === null ? [] : sorted(expected),
    );
    for (const state of stateFrom === null ? [] : expected)
      for (const trigger of triggers)
        expect([state, trigger, nextState(state, trigger).ok]).toEqual([
          state,
          trigger,
          !(state === 'repeating' && OF_SENDING_ONLY.has(trigger)),
        ]);
  });

  it.each(Object.entries(WRITERS))('%s leads to the states of the table', (_name, writer) => {
    const reached = writer.triggers.map((trigger) => edge(trigger).to);

    expect(sorted(statesSet(writer.sql, 'submission'))).toEqual(sorted(reached.flatMap(stored)));
    for (const state of statesSet(writer.sql, 'attempt')) expect(reached).toContain(state);
  });

  it('are all listed here', () => {
    const sources = globSync('**/*.ts', { cwd: join(import.meta.dirname, '..') })
      .filter((file) => !/spec\.ts$|migration|testkit/.test(file))
      .map((file) => readFileSync(join(import.meta.dirname, '..', file), 'utf8'))
      .join('\n');
    const writers = sources.match(
      /UPDATE submission(?: \w+)?\s+SET\s(?:(?!WHERE|FROM|`;)[\s\S])*?(?<![\w.]|WHEN )state = /g,
    );

    expect(writers).toHaveLength(Object.keys(WRITERS).length + BY_PARAMETER);
    expect(MOVE).toContain('SET state = $2');
    expect(sources.match(/INSERT INTO submission \(/g)).toHaveLength(2); // with a `FIRST_STATE`
    expect(INSERT_WITH_INTENTS).toContain("s.state = 'prepared' AND NOT s.lookup_first");
    expect(INSERT_WITH_INTENTS).toContain(`CASE WHEN goes THEN '${edge('claimed').to}' ELSE state`);
  });
});

describe('a decision', () => {
  it.each(['paid', 'absent', 'returned'] as const)(
    'for %s leads to a stored state of the table',
    (decision) => {
      const trigger = `decided_${decision}` as const;
      for (const state of SUBMISSION_STATES) {
        const next = nextState(state, trigger);
        const decided = decidedState(state, decision);
        expect(decided === null).toBe(!next.ok);
        if (next.ok && decided !== null) expect(stored(next.value)).toContain(decided);
      }
    },
  );

  it('that it is absent ends a submission, so that nothing is sent again', () => {
    const ends = SUBMISSION_STATES.flatMap((state) => decidedState(state, 'absent') ?? []);

    expect(ends.filter((state) => !isTerminal(state))).toEqual([]);
  });
});

describe('the constraints of the migrations', () => {
  const tables = new Map<string, string>();
  let statements = '';
  beforeAll(async () => {
    const runner = {
      query: (sql: string) => Promise.resolve(void (statements += `${sql};\n`)),
    } as Partial<QueryRunner> as QueryRunner;
    for (const Migration of CONNECTOR_MIGRATIONS) await new Migration().up(runner);
    for (const [, name = '', columns = ''] of statements.matchAll(
      /CREATE TABLE (\w+) \((.*?)\n\)/gs,
    ))
      tables.set(name, columns);
  });

  /** The literals of the pattern's only group in the definition of a table. */
  const inTable = (table: string, pattern: RegExp): string[] =>
    sorted(literalsIn(pattern.exec(tables.get(table) ?? '')?.[1] ?? ''));

  it('allow a submission exactly the states that it may be stored in', () => {
    expect(inTable('submission', /NOT NULL CHECK \(state IN \(([^)]*)\)/)).toEqual(
      sorted(STORED_STATES),
    );
  });

  it('allow an attempt exactly its states', () => {
    expect(inTable('submission', /CHECK \(attempt_state IN \(([^)]*)\)/)).toEqual(
      sorted(ATTEMPT_STATES),
    );
  });

  it('allow a former attempt the states after which another attempt follows', () => {
    const before = (['nothing_sent', 'absence_proven'] as const).map((trigger) => edge(trigger).to);

    expect(inTable('former_attempt', /CHECK \(state IN \(([^)]*)\)/)).toEqual(sorted(before));
  });

  it('let the state of a submission change by the edges of the table alone', () => {
    const allowed = SUBMISSION_STATES.flatMap((before) =>
      triggersOf(before)
        .flatMap((trigger) => storedAfter(before, trigger))
        .flatMap((after) => (after === before ? [] : [`${before}>${after}`])),
    );
    const listed = /new\.state\) NOT IN \(([^)]*)\)/.exec(statements)?.[1] ?? '';

    expect(
      sorted([...listed.matchAll(/'([a-z_]+>[a-z_]+)'/g)].map(([, pair = '']) => pair)),
    ).toEqual(sorted(allowed));
  });

  it('give a lease to those states whose outcome a worker stores', () => {
    expect(
      inTable('submission', /CHECK \(\(state IN \(([^)]*)\)\) = \(lease_token IS NOT NULL\)\)/),
    ).toEqual(sorted(edge('outcome_unknown').from));
  });
});

describe('an SQL fragment of the table', () => {
  it('is a comparison with one state or with several', () => {
    expect([from('claimed'), from('outcome_unknown'), from('found', ['prepared'])]).toEqual([
      "= 'prepared'",
      "IN ('sending','repeating')",
      "= 'prepared'",
    ]);
  });

  it('is not made for a state that the trigger does not apply to', () => {
    expect(() => from('found', ['accepted'])).toThrow('found does not apply to accepted');
  });

  it('leads on by the value of a column', () => {
    expect(stateBy('r.kind', { found: 'found', resend: { state: 'prepared' } }, 's.state')).toBe(
      "CASE r.kind WHEN 'found' THEN 'accepted' WHEN 'resend' THEN 'prepared' ELSE s.state END",
    );
  });
});
