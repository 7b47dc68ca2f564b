import { SDK_6, type Sdk } from '../sdks.js';
import { useContractPlace } from '../contract-place.js';
import { describeCodeInterpreter } from './code-interpreter.js';
import { describeErrors } from './errors.js';
import { describeExamplePrograms } from './example-programs.js';
import { ALL_PIECE_SIZES, describeFileSearch } from './file-search.js';
import { describeFilesAndModels } from './files-and-models.js';
import { describeUploadsAndStoredChats } from './uploads-and-stored-chats.js';
import { describeFunctionTools } from './function-tools.js';
import { describeObjects } from './objects.js';
import { describePagination } from './pagination.js';
import { describeRuns } from './runs.js';
import { describeStreams } from './streams.js';
import { describeVectorStores } from './vector-stores.js';

/** Models are those of the model servers: their deletion has no successful answer. */
const NEVER_SUCCEEDS = new Set(['deleteModel']);

/** Everything that a program does with one major of the official client, each answer validated. */
export function describeSdkContract(sdk: Sdk): void {
  describe(`openai ${sdk.version}`, () => {
    const place = useContractPlace(sdk);

    describeObjects(place);
    describe('pagination', () => describePagination(place));
    describe('runs', () => describeRuns(place));
    describe('function tools', () => describeFunctionTools(place));
    describe('streams', () => describeStreams(place));
    describe('code interpreter', () => describeCodeInterpreter(place));
    // In what pieces answers come matters to the server: one client shows it.
    describe('file search', () => describeFileSearch(place, sdk === SDK_6 ? ALL_PIECE_SIZES : [3]));
    describe('the example programs', () => describeExamplePrograms(place));
    describe('errors', () => describeErrors(place));
    describe('files, models and chat', () => describeFilesAndModels(place));

    describe('uploads and stored chat completions', () => describeUploadsAndStoredChats(place));

    describe('vector stores', () => describeVectorStores(place));

    it('every operation of these groups was answered and validated', () => {
      const { validating } = place;
      const wanted = validating
        .operationIds('/assistants', '/threads', '/files', '/uploads', '/models', '/chat', '/vector_stores')
        .filter((id) => !NEVER_SUCCEEDS.has(id));
      expect(wanted.filter((id) => !validating.seenOperations.has(id))).toEqual([]);
      console.log(
        `openai ${sdk.version}: ${validating.validatedBodies} bodies and events of ${wanted.length} operations`,
      );
    });
  });
}
