import { Inject } from '@nestjs/common';

export const CONFIG = Symbol('Config');
export const CONSUMER_STATUS = Symbol('ConsumerStatus');
export const INTERNAL_PORT = Symbol('InternalPort');
export const INVARIANT_CHECK = Symbol('InvariantCheck');
export const MESSAGE_KEYS = Symbol('MessageKeys');
export const LOGGER = Symbol('Logger');
export const PLATFORM = Symbol('Platform');

export const InjectConfig = (): ParameterDecorator => Inject(CONFIG);
export const InjectMessageKeys = (): ParameterDecorator => Inject(MESSAGE_KEYS);
export const InjectLogger = (): ParameterDecorator => Inject(LOGGER);
/** The whole platform; most classes need a part, injected by class. */
export const InjectPlatform = (): ParameterDecorator => Inject(PLATFORM);
