export { describeLogin } from './describe-login.js';
export { describeUpgrade } from './describe-upgrade.js';
