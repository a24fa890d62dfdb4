export { demoElsewhere } from './demo-elsewhere.js';
export { verdict } from './demo.js';
export { openDemoAccount } from './demo-account.js';
