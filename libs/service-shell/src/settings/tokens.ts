import { Inject } from '@nestjs/common';

export const CONFIG = Symbol('Config');
export const CONSUMER_STATUS = Symbol('ConsumerStatus');
export const INTERNAL_PORT = Symbol('InternalPort');
export const INVARIANT_CHECK = Symbol('InvariantCheck');
export const MESSAGE_KEYS = Symbol('MessageKeys');
export const LOGGER = Symbol('Logger');
export const PLATFORM = Symbol('Platform');

/** Injects the service's own configuration, as read by the service's `config.ts`. */
export const InjectConfig = (): ParameterDecorator => Inject(CONFIG);
/** Injects the keys shared with other services. */
export const InjectMessageKeys = (): ParameterDecorator => Inject(MESSAGE_KEYS);
/** The service's pino logger. */
export const InjectLogger = (): ParameterDecorator => Inject(LOGGER);
/**
 * Injects all parts of the platform together; most classes need only a single part, injected by
 * class.
 */
export const InjectPlatform = (): ParameterDecorator => Inject(PLATFORM);
