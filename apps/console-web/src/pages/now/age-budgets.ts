import { stateName } from '../../format/states.js';
import { durationText } from '../../time/ages.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * Longest usual time without a change of a withdrawal, and since its order of a submission, by
 * state. A longer time deserves a person's attention.
 */
const BUDGETS: Readonly<Record<string, number>> = {
  requested: MINUTE,
  awaiting_approval: 4 * HOUR,
  submitting: 5 * MINUTE,
  uncertain: 15 * MINUTE,
  undecided: 0,
  submitted: HOUR,
  broadcast: 2 * HOUR,
  capturing: 2 * MINUTE,
  releasing: 2 * MINUTE,
  cancelling: 10 * MINUTE,
  returning: 10 * MINUTE,
  prepared: 5 * MINUTE,
  sending: 5 * MINUTE,
  repeating: 15 * MINUTE,
  refusing: 15 * MINUTE,
  unknown: 15 * MINUTE,
  accepted: 2 * HOUR,
};

/** Returns a sentence for a state whose oldest subject is older than usual; null otherwise. */
export function lateSentence(
  what: string,
  { state, count }: { readonly state: string; readonly count: number },
  age: number,
): string | null {
  const budget = BUDGETS[state];
  if (count === 0 || budget === undefined || age <= budget) return null;
  const usual = budget === 0 ? 'a person has to act at once' : `usual: ${durationText(budget)}`;
  return `${what} has been ${stateName(state)} for ${durationText(age)} (${usual}).`;
}
