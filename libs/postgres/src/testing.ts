export { describeLogin } from './testing/describe-login.js';
export { describeUpgrade } from './testing/describe-upgrade.js';
