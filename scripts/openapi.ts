/** `npm run openapi`: writes the OpenAPI document that the code describes. */
import { buildOpenApiDocument } from '../src/openapi/build-document.js';
import { keepGenerated } from './support/generated.js';

const document = await buildOpenApiDocument();
await keepGenerated('src/openapi/openapi.json', `${JSON.stringify(document, null, 2)}\n`, 'npm run openapi');
