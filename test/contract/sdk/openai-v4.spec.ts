import { SDK_4 } from './sdks.js';
import { describeSdkContract } from './suites/sdk-contract.js';

describeSdkContract(SDK_4);
