export {
  Customer,
  numberOf,
  recipientOf,
  toAddress,
  toUser,
  type Body,
} from './testkit/customer.js';
export type { ApiClient } from './testkit/api-client.js';
export { kafkaAdminOf, kafkaEnvironment } from './testkit/kafka-access.js';
export { ownerUrlOf } from './testkit/owner-url-of.js';
export { TestSystem } from './testkit/given-system.js';
