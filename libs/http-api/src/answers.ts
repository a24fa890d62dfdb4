import { applyDecorators, HttpCode, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';

type Shape = 'one' | 'list' | 'page';

/** The handler answers one object of this class, with 200 whatever the method. */
export function Answers(dto: Type): MethodDecorator {
  return answersWith(dto, 'one');
}

/** The handler answers a whole list of this class. */
export function AnswersList(dto: Type): MethodDecorator {
  return answersWith(dto, 'list');
}

/** The handler answers a `PageOf` this class. */
export function AnswersPage(dto: Type): MethodDecorator {
  return answersWith(dto, 'page');
}

function answersWith(dto: Type, shape: Shape): MethodDecorator {
  const one = { $ref: getSchemaPath(dto) };
  const properties = {
    success: { type: 'boolean', enum: [true] },
    message: { type: 'string', enum: ['OK'] },
    data: shape === 'one' ? one : { type: 'array', items: one },
    ...(shape !== 'one' && { data_count: { type: 'integer' } }),
    ...(shape === 'page' && { next_cursor: { type: 'string', nullable: true } }),
  };
  return applyDecorators(
    HttpCode(200),
    ApiExtraModels(dto),
    ApiOkResponse({
      schema: { type: 'object', required: Object.keys(properties), properties },
    }),
  );
}
