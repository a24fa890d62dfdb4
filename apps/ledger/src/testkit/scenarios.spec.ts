import { REFUSAL_ORDER } from '@sluice/ledger-core';
import { GAS } from './gas-scenarios.js';
import type { CommandBody } from './given-ledger.js';
import { LIFECYCLE } from './lifecycle-scenarios.js';
import { RETURNS } from './return-scenarios.js';
import { REFUSALS } from './refusal-scenarios.js';

/** A signer is added by no command, and src/signers tests it; nor is a policy, tested in src/policy and src/payment-approvals. The naive ledger keeps no references, and hold-reference.int.spec.ts tests them. */
const ELSEWHERE: readonly string[] = [
  'order_not_signed',
  'held_before',
  'policy_denied',
  'limit_exceeded',
  'not_approved',
];
/** A grant needs a policy and votes: src/payment-approvals tests it. */
const { 'grant-hold': _granted, ...COMMANDS } = REFUSAL_ORDER;

describe('the scenarios that every ledger plays', () => {
  it('have every command done at least once', () => {
    const done = [...LIFECYCLE, ...GAS, ...RETURNS].flatMap(({ steps }) =>
      steps.filter(({ says }) => !/refused/.test(says)).map(({ send }) => commandName(send)),
    );

    expect([...new Set(done)].toSorted()).toEqual(Object.keys(COMMANDS).toSorted());
  });

  it.each(Object.entries(COMMANDS))(
    'meet each refusal of %s, in the order in which they win',
    (command, order) => {
      const scenario = [...REFUSALS, ...GAS, ...RETURNS].find(
        ({ refusalsOf }) => refusalsOf === command,
      );
      const refused = (scenario?.steps ?? []).filter(
        ({ send, says }) => commandName(send) === command && /refused/.test(says),
      );

      expect([...new Set(refused.map(({ says }) => refusalIn(says)))]).toEqual(
        order.filter((kind) => !ELSEWHERE.includes(kind)),
      );
    },
  );
});

function commandName({ type }: CommandBody): string {
  return type.replace(/^ledger\.(.+)\.v1$/, '$1');
}

/** `refused KIND`, or `hold-refused w, a, asset, amount, KIND, available`. */
function refusalIn(says: string): string {
  return says.startsWith('refused ') ? says.slice('refused '.length) : (says.split(', ')[4] ?? '');
}
