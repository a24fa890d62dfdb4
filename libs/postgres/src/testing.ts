export { describeAccountRows } from './testing/describe-account-rows.js';
export { changingIndexedColumns } from './testing/changing-indexed-columns.js';
export { describeLogin } from './testing/describe-login.js';
