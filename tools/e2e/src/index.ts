export {
  Customer,
  numberOf,
  recipientOf,
  toAddress,
  toUser,
  type Body,
} from './testkit/customer.js';
export { TestSystem } from './testkit/given-system.js';
