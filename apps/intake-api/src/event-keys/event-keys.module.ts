import { Module } from '@nestjs/common';
import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { EventKeysController } from './event-keys.controller.js';

/** The published keys of the events on Kafka. */
@Module({ imports: [ApiKeysModule], controllers: [EventKeysController] })
export class EventKeysModule {}
