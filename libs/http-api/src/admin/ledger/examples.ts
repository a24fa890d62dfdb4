/** Example of a shared account in the documents of the admin API. */
export const SHARED_ACCOUNT_EXAMPLE = 'clearing:gateio';
