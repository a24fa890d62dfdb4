import { PUBLIC_VIEW } from '@sluice/withdrawal-core';

/**
 * Stages of a recorded withdrawal. `rejected` is excluded: a rejected request counts as never made.
 */
export const STAGES: readonly string[] = [
  ...new Set(Object.values(PUBLIC_VIEW).map(({ stage }) => stage)),
].filter((stage) => stage !== 'rejected');
