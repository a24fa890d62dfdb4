import { describeAccountRows } from '@sluice/postgres/testing';
import { CONNECTOR_SCHEMA } from './schema.js';

describeAccountRows('a connector', CONNECTOR_SCHEMA);
