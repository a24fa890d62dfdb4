export { describeAccountRows } from './testing/describe-account-rows.js';
export { describeLogin } from './testing/describe-login.js';
export { describeUpgrade } from './testing/describe-upgrade.js';
