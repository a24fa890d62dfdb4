import { Inject } from '@nestjs/common';

export const CONFIG = Symbol('Config');
export const CONSUMER_STATUS = Symbol('ConsumerStatus');
export const INTERNAL_PORT = Symbol('InternalPort');
export const INVARIANT_CHECK = Symbol('InvariantCheck');
export const MESSAGE_KEYS = Symbol('MessageKeys');
export const LOGGER = Symbol('Logger');
export const PLATFORM = Symbol('Platform');

/** The service's own configuration, as its `config.ts` reads it. */
export const InjectConfig = (): ParameterDecorator => Inject(CONFIG);
/** The keys that the service shares with others. */
export const InjectMessageKeys = (): ParameterDecorator => Inject(MESSAGE_KEYS);
/** The service's pino logger. */
export const InjectLogger = (): ParameterDecorator => Inject(LOGGER);
/** The parts that every service is built from, together; most classes need only one of them, by its class. */
export const InjectPlatform = (): ParameterDecorator => Inject(PLATFORM);
