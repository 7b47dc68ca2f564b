import { invalidRequest } from '@libs/openai-wire';
import { textProblem } from '../../../common/validation/index.js';
import { unknownField, type FileForm } from '../../files/index.js';
import type { VectorStoreRecord } from '../../vector-stores/index.js';
import { LONGEST_COLLECTION_NAME } from '../dto/rag.dto.js';

const COLLECTION = 'collection_name';
const FILE = 'file';

export interface UploadFields {
  purpose: 'assistants';
  collection: VectorStoreRecord;
}

/** The form of an upload into a collection. @param demand finds the collection, or throws */
export function uploadForm(demand: (name: string) => Promise<VectorStoreRecord>): FileForm<UploadFields> {
  return {
    fileField: FILE,
    checkField: (name, value) => {
      if (name === FILE) throw invalidRequest("Expected 'file' to be a file, but got a text field.", FILE);
      if (name !== COLLECTION) throw unknownField(name);
      readName(value);
    },
    readFields: async (fields, fileCount) => {
      const name = readName(fields.get(COLLECTION));
      if (fileCount === 0) throw invalidRequest(`Missing required parameter: '${FILE}'.`, FILE);
      return { purpose: 'assistants', collection: await demand(name) };
    },
  };
}

function readName(value: string | undefined): string {
  if (value === undefined) throw invalidRequest(`Missing required parameter: '${COLLECTION}'.`, COLLECTION);
  const problem = textProblem(value, { min: 1, max: LONGEST_COLLECTION_NAME });
  if (problem) throw invalidRequest(problem.text.replaceAll('$path', COLLECTION), COLLECTION);
  return value;
}
