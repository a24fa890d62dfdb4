import { PUBLIC_VIEW } from '@sluice/withdrawal-core';

/** The stages that a withdrawal on record can show. `rejected` is none of them: such a request counts as never made. */
export const STAGES: readonly string[] = [
  ...new Set(Object.values(PUBLIC_VIEW).map(({ stage }) => stage)),
].filter((stage) => stage !== 'rejected');
