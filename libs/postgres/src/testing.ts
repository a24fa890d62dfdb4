export { describeAccountRows } from './testing/describe-account-rows.js';
export { describeLogin } from './testing/describe-login.js';
