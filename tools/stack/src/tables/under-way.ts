/** States of a withdrawal that has not ended. */
export const UNDER_WAY: readonly string[] = [
  'requested',
  'awaiting_approval',
  'submitting',
  'uncertain',
  'undecided',
  'submitted',
  'broadcast',
  'capturing',
  'releasing',
  'cancelling',
];
