import { Module } from '@nestjs/common';
import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { EventKeysController } from './event-keys.controller.js';

@Module({ imports: [ApiKeysModule], controllers: [EventKeysController] })
export class EventKeysModule {}
