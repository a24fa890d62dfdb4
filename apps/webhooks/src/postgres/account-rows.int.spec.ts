import { describeAccountRows } from '@sluice/postgres/testing';
import { WEBHOOKS_SCHEMA } from './schema.js';

describeAccountRows('webhooks', WEBHOOKS_SCHEMA);
