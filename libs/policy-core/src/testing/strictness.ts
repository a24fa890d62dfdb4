import type { Decision, NeededApproval } from '../evaluate.js';

/** A refusal is stricter than people to wait for, and they are stricter than no people. */
export function isAsStrict(before: Decision, after: Decision): boolean {
  if (after.refusal !== null) return true;
  if (before.refusal !== null) return false;
  if (before.approval === null) return true;
  return after.approval !== null && asksAsMuch(before.approval, after.approval);
}

function asksAsMuch(before: NeededApproval, after: NeededApproval): boolean {
  return (
    after.decideWithinHours <= before.decideWithinHours &&
    before.quorums.every(({ group, need }) =>
      after.quorums.some((quorum) => quorum.group === group && quorum.need >= need),
    )
  );
}
