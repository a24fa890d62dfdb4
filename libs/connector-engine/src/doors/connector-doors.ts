import { HaltDoorsController } from '../halt/halt-doors.controller.js';
import { ConnectorDoorsController } from './connector-doors.controller.js';

/** All operators' doors that every connector has. */
export const CONNECTOR_DOORS = [ConnectorDoorsController, HaltDoorsController] as const;
