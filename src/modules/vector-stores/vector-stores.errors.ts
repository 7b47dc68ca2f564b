import { invalidRequest, WireError } from '@libs/openai-wire';

export function storeFileNotFound(vectorStoreId: string, fileId: string): WireError {
  return new WireError(404, `No file found with id '${fileId}' in vector store '${vectorStoreId}'.`);
}

export function storeExpired(vectorStoreId: string): WireError {
  return invalidRequest(`Vector store '${vectorStoreId}' has expired.`, null, 'vector_store_expired');
}

export function eitherIdsOrFiles(): WireError {
  return invalidRequest("Give either 'file_ids' or 'files', not both.", 'file_ids', 'invalid_value');
}

export function missing(param: string): WireError {
  return invalidRequest(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter');
}

export function cannotCancelBatch(status: string): WireError {
  return invalidRequest(`Cannot cancel file batch with status '${status}'.`);
}

export function noSummaryModel(): WireError {
  const text = 'This server has no model that summarises documents (RAG_SUMMARY_MODEL).';
  return invalidRequest(text, 'summaries', 'unsupported_value');
}
