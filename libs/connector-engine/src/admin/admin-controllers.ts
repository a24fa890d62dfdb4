import { HaltsController } from './halts.controller.js';
import { SubmissionsController } from './submissions.controller.js';

/** The admin API that every connector has. */
export const CONNECTOR_ADMIN_CONTROLLERS = [SubmissionsController, HaltsController] as const;
