import { EXAMPLE_VENUE } from '@sluice/kernel';

/** Example of a shared account in the documents of the admin API. */
export const SHARED_ACCOUNT_EXAMPLE = `clearing:${EXAMPLE_VENUE}`;
