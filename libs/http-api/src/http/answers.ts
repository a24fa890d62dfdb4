import { applyDecorators, HttpCode, type Type } from '@nestjs/common';
import { ApiDefaultResponse, ApiExtraModels, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';

type Shape = 'one' | 'list' | 'page' | 'numbered page';

const DESCRIPTIONS: Readonly<Record<Shape, string>> = {
  one: 'The object',
  list: 'The whole list',
  page: 'A part of the list; `next_cursor` is null on the last one',
  'numbered page': 'A part of the list; `next_cursor` is null on the last one',
};

/** Documents error responses: every refusal contains only a message and, if available, data. */
export function AnswersRefusals(): ClassDecorator & MethodDecorator {
  return ApiDefaultResponse({
    description: 'A refusal: nothing but its sentence',
    schema: {
      type: 'object',
      required: ['success', 'message'],
      properties: {
        success: { type: 'boolean' },
        message: { type: 'string' },
        data: { type: 'object', description: 'the object of the response, if it exists' },
      },
    },
  });
}

/**
 * Documents a response with an object of `dto` or of an alternative class, always with status 200.
 */
export function Answers(dto: Type, ...others: readonly Type[]): MethodDecorator {
  return answersWith([dto, ...others], 'one');
}

/** Documents a response with a whole list of this class. */
export function AnswersList(dto: Type): MethodDecorator {
  return answersWith([dto], 'list');
}

/** Documents a response with a `PageOf` this class. */
export function AnswersPage(dto: Type): MethodDecorator {
  return answersWith([dto], 'page');
}

/** Documents a response with a `NumberedPageOf` this class. */
export function AnswersNumberedPage(dto: Type): MethodDecorator {
  return answersWith([dto], 'numbered page');
}

function answersWith(dtos: readonly [Type, ...Type[]], shape: Shape): MethodDecorator {
  const one = dtos.length === 1 ? refTo(dtos[0]) : { oneOf: dtos.map(refTo) };
  const properties = {
    success: { type: 'boolean' },
    message: { type: 'string', enum: ['OK'] },
    data: shape === 'one' ? one : { type: 'array', items: one },
    ...(shape !== 'one' && { data_count: { type: 'integer' } }),
    ...(shape === 'page' && { next_cursor: { type: 'string', nullable: true } }),
    ...(shape === 'numbered page' && {
      next_cursor: { type: 'integer', nullable: true },
      has_more: { type: 'boolean' },
    }),
  };
  return applyDecorators(
    HttpCode(200),
    ApiExtraModels(...dtos),
    ApiOkResponse({
      description: DESCRIPTIONS[shape],
      schema: { type: 'object', required: Object.keys(properties), properties },
    }),
  );
}

function refTo(dto: Type): { $ref: string } {
  return { $ref: getSchemaPath(dto) };
}
